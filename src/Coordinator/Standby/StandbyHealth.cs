using Microsoft.Extensions.Diagnostics.HealthChecks;
using Upweave.ServiceDefaults;

namespace Upweave.Coordinator.Standby;

/// <summary>Says whether this coordinator is the active one. One that stands by is ready as well: to take over.</summary>
public sealed class StandbyHealth(Leadership leadership) : IHealthCheck
{
    public const string Name = "coordinator";

    private static readonly Dictionary<string, object> Active = new() { [HealthDefaults.Role] = "active" };
    private static readonly Dictionary<string, object> Standby = new() { [HealthDefaults.Role] = "standby" };

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(HealthCheckResult.Healthy(data: leadership.IsHeld ? Active : Standby));
}
