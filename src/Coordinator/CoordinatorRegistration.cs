using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Upweave.Coordinator;

/// <summary>Adds the coordinator to a host.</summary>
public static class CoordinatorRegistration
{
    /// <summary>Adds the services. The host adds an <see cref="Storage.Stores.IStoreCatalog"/> and the bus.</summary>
    public static IServiceCollection AddCoordinator(this IServiceCollection services, Action<CoordinatorOptions> configure) =>
        services.Configure(configure);

    /// <summary>Adds the consumers to the bus.</summary>
    public static void AddCoordinatorConsumers(this IBusRegistrationConfigurator bus)
    {
    }
}
