using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Upweave.Worker;

/// <summary>Adds the worker to a host.</summary>
public static class WorkerRegistration
{
    /// <summary>Adds the services. The host adds an <see cref="Storage.Stores.IStoreCatalog"/> and the bus.</summary>
    public static IServiceCollection AddWorker(this IServiceCollection services, Action<WorkerOptions> configure) =>
        services.Configure(configure);

    /// <summary>Adds the consumers to the bus.</summary>
    public static void AddWorkerConsumers(this IBusRegistrationConfigurator bus)
    {
    }
}
