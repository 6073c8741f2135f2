using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Upweave.ServiceDefaults;

namespace Upweave.Worker.Devices;

/// <summary>Says what a worker's host computes on, and ends the host when that is lost: whoever supervises it starts it anew.</summary>
public sealed class DeviceWatch(IComputeDevice device, DeviceLoss loss, HostEnd end, ILogger<DeviceWatch> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        log.LogInformation("Computes on {Device}.", device.Description);
        string reason = await loss.Reason.WaitAsync(stoppingToken);
        log.LogCritical("{Reason} The worker gives its tiles back and ends.", reason);
        end.Fail(HostProgram.LostDevice);
    }
}
