using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Upweave.ServiceDefaults;

namespace Upweave.Coordinator;

/// <summary>The coordinator's source of spans and its metrics (docs/telemetry.md): next to nothing while nobody listens.</summary>
public static class CoordinatorTelemetry
{
    /// <summary>Name of the source and of the meter.</summary>
    public const string Name = "Upweave.Coordinator";

    /// <summary>The line in the log that says that a job has failed; the command line, which says so itself, leaves it out.</summary>
    public static readonly EventId JobFailed = new(1, "upweave.job.failed");

    private static readonly Meter Meter = new(Name);

    /// <summary>From seconds to a week.</summary>
    private static readonly InstrumentAdvice<double> JobSeconds = new()
    {
        HistogramBucketBoundaries = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400, 43_200, 86_400, 604_800],
    };

    internal static ActivitySource Source { get; } = new(Name);

    internal static UpDownCounter<long> JobsRunning { get; } = Meter.CreateUpDownCounter<long>(
        TelemetryNames.JobsRunning, "{job}", "Jobs that run now.");

    private static readonly Counter<long> Jobs = Meter.CreateCounter<long>(
        TelemetryNames.Jobs, "{job}", "Jobs that ended here.");

    private static readonly Histogram<double> JobDuration = Meter.CreateHistogram(
        TelemetryNames.JobDuration, "s", "From acceptance, or from the resumption, to the end.", tags: null, JobSeconds);

    internal static Counter<long> Tiles { get; } = Meter.CreateCounter<long>(
        TelemetryNames.Tiles, "{tile}", "Tiles sent out for the first time or again, completed, and failed for good.");

    private static readonly Counter<long> Findings = Meter.CreateCounter<long>(
        TelemetryNames.ReconcileFindings, "{tile}",
        "Tiles that the store had and nobody reported, that it has no more, and that are neither there nor answered for.");

    /// <summary>A job has ended.</summary>
    /// <param name="state"><c>completed</c>, <c>failed</c>, <c>cancelled</c> or <c>left</c>.</param>
    internal static void CountJob(string state, TimeSpan duration)
    {
        KeyValuePair<string, object?> tag = new(TelemetryNames.JobState, state);
        Jobs.Add(1, tag);
        JobDuration.Record(duration.TotalSeconds, tag);
    }

    /// <summary>The coordinator has looked into a store.</summary>
    /// <param name="finding"><c>found</c>, <c>lost</c> or <c>unanswered</c>.</param>
    internal static void CountFinding(string finding, long tiles) =>
        Findings.Add(tiles, new KeyValuePair<string, object?>(TelemetryNames.Finding, finding));

    /// <summary>Nothing has happened yet: a counter that begins with its first tile shows no rise.</summary>
    internal static void CountNothing()
    {
        foreach (string finding in new[] { "found", "lost", "unanswered" })
        {
            CountFinding(finding, 0);
        }

        foreach (string stage in new[] { "ingest", "compute", "pyramid", "export" })
        {
            foreach (string state in new[] { "dispatched", "retried", "completed", "failed" })
            {
                Tiles.Add(0, new(TelemetryNames.TileState, state), new(TelemetryNames.Stage, stage));
            }

            TilesInFlight.Add(0, new KeyValuePair<string, object?>(TelemetryNames.Stage, stage));
        }

        foreach (string state in new[] { "completed", "failed", "cancelled", "left" })
        {
            Jobs.Add(0, new KeyValuePair<string, object?>(TelemetryNames.JobState, state));
        }

        JobsRunning.Add(0);
    }

    internal static UpDownCounter<long> TilesInFlight { get; } = Meter.CreateUpDownCounter<long>(
        TelemetryNames.TilesInFlight, "{tile}", "Tiles sent out and not answered yet.");
}
