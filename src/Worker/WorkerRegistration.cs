using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Upweave.Worker.Consumers;
using Upweave.Worker.Jobs;
using Upweave.Worker.Pictures;
using Upweave.Worker.Previews;
using Upweave.Worker.Pyramids;
using Upweave.Worker.Tiles;

namespace Upweave.Worker;

/// <summary>Adds the worker to a host.</summary>
public static class WorkerRegistration
{
    /// <summary>Adds the services. The host adds an <see cref="Storage.Stores.IStoreCatalog"/> and the bus.</summary>
    public static IServiceCollection AddWorker(this IServiceCollection services, Action<WorkerOptions> configure)
    {
        services.Configure(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<TileBufferPool>();
        services.AddSingleton<ComputeThreads>();
        services.AddSingleton<TileService>();
        services.AddSingleton<PyramidService>();
        services.AddSingleton<PlanCache>();
        services.AddSingleton<JobContexts>();
        services.AddSingleton<PictureTasks>();
        services.AddSingleton<PreviewService>();
        services.AddSingleton<TileRunService>();
        return services.AddHostedService<WorkerPresence>();
    }

    /// <summary>Adds the consumers to the bus.</summary>
    public static void AddWorkerConsumers(this IBusRegistrationConfigurator bus) =>
        bus.AddConsumer<ComputeTilesConsumer, ComputeTilesConsumerDefinition>();
}
