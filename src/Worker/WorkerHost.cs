using Microsoft.AspNetCore.Builder;
using Upweave.Contracts;
using Upweave.ServiceDefaults;
using Upweave.ServiceDefaults.Broker;
using Upweave.Worker.Consumers;
using Upweave.Worker.Devices;

namespace Upweave.Worker;

/// <summary>A worker as a service.</summary>
public static class WorkerHost
{
    /// <exception cref="SettingsException">The configuration is not right.</exception>
    public static WebApplication Create(string[] args) => Create(args, ComputeDevices.Open);

    /// <summary>The same with another way to come to a device.</summary>
    /// <exception cref="SettingsException">The configuration is not right.</exception>
    public static WebApplication Create(string[] args, Func<DeviceChoice, IComputeDevice> openDevice)
    {
        WebApplicationBuilder builder = HostDefaults.CreateBuilder(args);
        HostSettings settings = builder.AddHostDefaults("upweave-worker", HostTimes.WorkerStop);
        builder.Services.AddWorker(options =>
        {
            options.Slots = settings.WorkerSlots;
            options.MemoryBytes = settings.WorkerMemoryBytes;
            options.DrawsPreviews = true;
        });
        builder.Services.AddDevice(openDevice(settings.WorkerDevice));
        builder.Services.AddBroker(
            settings.Broker, WireNames.Naming, HostTimes.WorkerStop, HostTimes.WorkerHeartbeat,
            bus => bus.AddWorkerConsumers(), (context, rabbit) => rabbit.AddTileEndpoints(context));
        return builder.Build();
    }
}
