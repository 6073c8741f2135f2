using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Upweave.Coordinator.Consumers;
using Upweave.Coordinator.Jobs;
using Upweave.Coordinator.Planning;
using Upweave.Coordinator.Standby;

namespace Upweave.Coordinator;

/// <summary>Adds the coordinator to a host.</summary>
public static class CoordinatorRegistration
{
    /// <summary>Adds the services. The host adds an <see cref="Storage.Stores.IStoreCatalog"/> and the bus.</summary>
    public static IServiceCollection AddCoordinator(this IServiceCollection services, Action<CoordinatorOptions> configure)
    {
        services.Configure(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(Leadership.Alone);
        services.AddSingleton<IJobMessages, BusPublisher>();
        services.AddSingleton(MakeEnvironment);
        services.AddSingleton<JobPlanner>();
        services.AddSingleton<JobService>();
        services.AddHostedService(provider => provider.GetRequiredService<JobService>());
        return services.AddHostedService<LifeSigns>();
    }

    /// <summary>One that stands by for another has records of jobs; see <see cref="StandbyRegistration"/>.</summary>
    private static JobEnvironment MakeEnvironment(IServiceProvider provider)
    {
        JobEnvironment environment = ActivatorUtilities.CreateInstance<JobEnvironment>(provider);
        return environment with
        {
            Leadership = provider.GetRequiredService<Leadership>(),
            Records = provider.GetService<JobRecords>() ?? environment.Records,
            Watch = provider.GetService<IFleetWatch>(),
        };
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
        bus.AddConsumer<PauseJobConsumer>();
        bus.AddConsumer<ResumeJobConsumer>();
        bus.AddConsumer<GetJobConsumer>();
    }
}
