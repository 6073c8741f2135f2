using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Upweave.Worker.Devices;

/// <summary>A worker is ready while its device computes.</summary>
public sealed class DeviceHealth(IComputeDevice device) : IHealthCheck
{
    public const string Name = "device";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(device.Lost is string reason ? HealthCheckResult.Unhealthy(reason) : HealthCheckResult.Healthy());
}
