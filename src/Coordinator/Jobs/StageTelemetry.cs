using System.Diagnostics;
using Upweave.Contracts.Messages;
using Upweave.ServiceDefaults;

namespace Upweave.Coordinator.Jobs;

/// <summary>The span of a stage, and the counts of its tiles, while it lasts.</summary>
internal sealed class StageTelemetry : IDisposable
{
    private readonly Activity? span;
    private readonly DispatchTelemetry dispatch;
    private readonly DispatchWindow? window;
    private readonly KeyValuePair<string, object?> stage;
    private int inFlight;
    private int failed;
    private bool completed;

    private StageTelemetry(JobStage stage, DispatchWindow? window, long tiles)
    {
        string name = NameOf(stage);
        span = CoordinatorTelemetry.Source.StartActivity(name);
        dispatch = new DispatchTelemetry(span, tiles);
        this.stage = new KeyValuePair<string, object?>(TelemetryNames.Stage, name);
        this.window = window;
    }

    /// <summary>E.g. <c>compute</c>: the span's name.</summary>
    public static string NameOf(JobStage stage) => stage switch
    {
        JobStage.Ingest => "ingest",
        JobStage.Compute => "compute",
        JobStage.Pyramid => "pyramid",
        JobStage.Export => "export",
        _ => "commit",
    };

    /// <param name="window">Its tiles are counted; null for a stage without any.</param>
    /// <param name="tiles">How many it has.</param>
    public static StageTelemetry Start(JobStage stage, DispatchWindow? window, long tiles) => new(stage, window, tiles);

    /// <summary>Tiles have gone out.</summary>
    public void Sent(TileRun run)
    {
        dispatch.Sent(run);
        Count(run.Attempt == 1 ? "dispatched" : "retried", run.Count);
        Follow();
    }

    /// <summary>Something was said about tiles.</summary>
    /// <param name="news">Tiles that were completed by it.</param>
    public void Heard(int news)
    {
        Count("completed", news);
        Follow();
    }

    /// <summary>The stage has done what it was for.</summary>
    public void Complete() => completed = true;

    public void Dispose()
    {
        CoordinatorTelemetry.TilesInFlight.Add(-inFlight, stage);
        dispatch.Dispose();
        if (!completed)
            span?.SetStatus(ActivityStatusCode.Error);
        span?.Dispose();
    }

    /// <summary>The window knows what is in flight and what has failed for good.</summary>
    private void Follow()
    {
        if (window is null)
            return;
        CoordinatorTelemetry.TilesInFlight.Add(window.InFlight - inFlight, stage);
        inFlight = window.InFlight;
        Count("failed", window.Failed.Count - failed); // fewer when a late answer completes one: a counter does not go back
        failed = window.Failed.Count;
    }

    private void Count(string state, int tiles)
    {
        if (tiles > 0)
            CoordinatorTelemetry.Tiles.Add(tiles, new KeyValuePair<string, object?>(TelemetryNames.TileState, state), stage);
    }
}
