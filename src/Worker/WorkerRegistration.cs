using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Upweave.Worker.Consumers;
using Upweave.Worker.Devices;
using Upweave.Worker.Jobs;
using Upweave.Worker.Pictures;
using Upweave.Worker.Previews;
using Upweave.Worker.Pyramids;
using Upweave.Worker.Tiles;

namespace Upweave.Worker;

/// <summary>Adds the worker to a host.</summary>
public static class WorkerRegistration
{
    /// <summary>
    /// Adds the services. The host adds an <see cref="Storage.Stores.IStoreCatalog"/>, an <see cref="IComputeDevice"/> and the bus.
    /// </summary>
    public static IServiceCollection AddWorker(this IServiceCollection services, Action<WorkerOptions> configure)
    {
        services.Configure(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<DeviceLoss>();
        services.AddSingleton<TileBufferPool>();
        services.AddSingleton<ComputeThreads>();
        services.AddSingleton<TileService>();
        services.AddSingleton<PyramidService>();
        services.AddSingleton<PlanCache>();
        services.AddSingleton<JobContexts>();
        services.AddSingleton<PictureTasks>();
        services.AddSingleton<PreviewService>();
        return services.AddSingleton<TileRunService>();
    }

    /// <summary>
    /// Adds what a host computes on, with its metrics and its health, and ends the host when it is lost. The host owns it then.
    /// </summary>
    public static IServiceCollection AddDevice(this IServiceCollection services, IComputeDevice device)
    {
        services.AddSingleton(_ => device); // by a function: so it is disposed of with the host
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            DeviceHealth.Name, provider => new DeviceHealth(provider.GetRequiredService<IComputeDevice>()), failureStatus: null,
            tags: null));
        services.AddHostedService<WorkerPresence>();
        return services.AddHostedService<DeviceWatch>();
    }

    /// <summary>Adds the consumers to the bus.</summary>
    public static void AddWorkerConsumers(this IBusRegistrationConfigurator bus) =>
        bus.AddConsumer<ComputeTilesConsumer, ComputeTilesConsumerDefinition>();
}
