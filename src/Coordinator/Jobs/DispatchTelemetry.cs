using System.Diagnostics;
using Upweave.ServiceDefaults;

namespace Upweave.Coordinator.Jobs;

/// <summary>
/// The spans of sending tiles out, children of their stage's: one for about a hundredth of the stage, so that a trace has a few hundred
/// spans and not one for each run.
/// </summary>
/// <param name="stage">The stage's span; null when nobody traces.</param>
/// <param name="tiles">Of the whole stage.</param>
internal sealed class DispatchTelemetry(Activity? stage, long tiles) : IDisposable
{
    private const int SpansPerStage = 100;

    private readonly long tilesPerSpan = Math.Max(1, (tiles + SpansPerStage - 1) / SpansPerStage);
    private Activity? span;
    private long tilesSent;
    private int runsSent;

    public void Sent(TileRun run)
    {
        if (stage is null)
            return;
        span ??= StartBeside();
        tilesSent += run.Count;
        runsSent++;
        if (tilesSent >= tilesPerSpan)
            Dispose();
    }

    public void Dispose()
    {
        span?.SetTag(TelemetryNames.DispatchTiles, tilesSent);
        span?.SetTag(TelemetryNames.DispatchRuns, runsSent);
        span?.Dispose();
        span = null;
        tilesSent = 0;
        runsSent = 0;
    }

    /// <summary>The current span stays the current one: what happens meanwhile is not part of sending.</summary>
    private Activity? StartBeside()
    {
        Activity? current = Activity.Current;
        Activity? started = CoordinatorTelemetry.Source.StartActivity("dispatch", ActivityKind.Internal, stage!.Context);
        Activity.Current = current;
        return started;
    }
}
