using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Upweave.Coordinator.Consumers;
using Upweave.Coordinator.Jobs;
using Upweave.Coordinator.Planning;

namespace Upweave.Coordinator;

/// <summary>Adds the coordinator to a host.</summary>
public static class CoordinatorRegistration
{
    /// <summary>Adds the services. The host adds an <see cref="Storage.Stores.IStoreCatalog"/> and the bus.</summary>
    public static IServiceCollection AddCoordinator(this IServiceCollection services, Action<CoordinatorOptions> configure)
    {
        services.Configure(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IJobMessages, BusPublisher>();
        services.AddSingleton<JobEnvironment>();
        services.AddSingleton<JobPlanner>();
        services.AddSingleton<JobService>();
        return services.AddHostedService(provider => provider.GetRequiredService<JobService>());
    }

    /// <summary>Adds the consumers to the bus.</summary>
    public static void AddCoordinatorConsumers(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<SubmitJobConsumer>();
        bus.AddConsumer<TilesCompletedConsumer>();
        bus.AddConsumer<TileFailedConsumer>();
        bus.AddConsumer<DeadTilesConsumer>().ExcludeFromConfigureEndpoints(); // its queue is one that a broker fills
        bus.AddConsumer<CancelJobConsumer>();
        bus.AddConsumer<RetryJobConsumer>();
        bus.AddConsumer<GetJobConsumer>();
    }
}
