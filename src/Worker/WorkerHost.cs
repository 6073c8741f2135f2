using Microsoft.AspNetCore.Builder;
using Upweave.Contracts;
using Upweave.ServiceDefaults;
using Upweave.ServiceDefaults.Broker;
using Upweave.Worker.Consumers;

namespace Upweave.Worker;

/// <summary>A worker as a service.</summary>
public static class WorkerHost
{
    /// <exception cref="SettingsException">The configuration is not right.</exception>
    public static WebApplication Create(string[] args)
    {
        WebApplicationBuilder builder = HostDefaults.CreateBuilder(args);
        HostSettings settings = builder.AddHostDefaults("upweave-worker", HostTimes.WorkerStop);
        builder.Services.AddWorker(options =>
        {
            options.Slots = settings.WorkerSlots;
            options.MemoryBytes = settings.WorkerMemoryBytes;
            options.DrawsPreviews = true;
        });
        builder.Services.AddBroker(
            settings.Broker, WireNames.Naming, HostTimes.WorkerStop, HostTimes.WorkerHeartbeat,
            bus => bus.AddWorkerConsumers(), (context, rabbit) => rabbit.AddTileEndpoints(context));
        return builder.Build();
    }
}
