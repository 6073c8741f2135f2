using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Upweave.ServiceDefaults;

/// <summary>
/// Says in one line when a store is lost and when it is back. The health checks' own log, which is switched off, says so at every
/// probe, with a stack of calls.
/// </summary>
internal sealed class HealthLog(ILogger<HealthLog> log) : IHealthCheckPublisher
{
    /// <summary>How soon after the start the first look is taken.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(5);

    /// <summary>Time between two looks.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private readonly HashSet<string> lost = [];

    /// <summary>Called for one report at a time.</summary>
    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        foreach ((string name, HealthReportEntry entry) in report.Entries)
        {
            StoreTelemetry.Note(name[HealthDefaults.StorePrefix.Length..], entry.Status == HealthStatus.Healthy);
            if (entry.Status == HealthStatus.Healthy)
            {
                if (lost.Remove(name))
                    log.LogInformation("{Check} answers again.", name);
            }
            else if (lost.Add(name))
            {
                log.LogWarning("{Check} does not answer: {Reason}", name, HealthAnswer.Reason(entry));
            }
        }

        return Task.CompletedTask;
    }
}
