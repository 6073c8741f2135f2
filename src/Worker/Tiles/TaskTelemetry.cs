using System.Diagnostics;
using Upweave.Contracts.Messages;
using Upweave.ServiceDefaults;
using Upweave.Worker.Jobs;

namespace Upweave.Worker.Tiles;

/// <summary>
/// The span of one tile, or of one ingest or export, and a tile's metrics. It begins a trace of its own with a link to the job's
/// span: a job may have a million tiles, and a sampler decides for each of them.
/// </summary>
internal sealed class TaskTelemetry : IDisposable
{
    private readonly Activity? span;
    private readonly bool isTile;
    private readonly TimeProvider time;
    private readonly long start;
    private double multiplyAddsPerByte;

    private TaskTelemetry(string name, ComputeTiles run, double? queueSeconds, string worker, TimeProvider time)
    {
        Activity.Current = null; // else the span would be the current one's child
        span = WorkerTelemetry.Source.StartActivity(name, ActivityKind.Internal, parentContext: default, links: LinksTo(run.TraceParent));
        isTile = run.Stage is JobStage.Compute or JobStage.Pyramid;
        this.time = time;
        start = time.GetTimestamp();
        span?.SetTag(TelemetryNames.JobId, run.JobId.ToString());
        span?.SetTag(TelemetryNames.TileAttempt, run.Attempt);
        span?.SetTag(TelemetryNames.QueueWait, queueSeconds);
        span?.SetTag(TelemetryNames.Worker, worker);
    }

    /// <summary>A worker takes a run.</summary>
    /// <returns>Seconds that it lay in the queue, by two machines' clocks; null when nobody said when it was sent.</returns>
    public static double? Take(ComputeTiles run, TimeProvider time)
    {
        if (run.SentAt is not { } sent)
            return null;
        double seconds = Math.Max(0, (time.GetUtcNow() - sent).TotalSeconds);
        WorkerTelemetry.QueueDuration.Record(seconds);
        return seconds;
    }

    /// <summary>
    /// A tile begins. Makes its span the current one, so call it in an asynchronous method that does nothing else: its caller keeps
    /// its own.
    /// </summary>
    /// <param name="job">Null for a tile of a lower resolution, which no kernel computes.</param>
    /// <param name="queueSeconds">From <see cref="Take"/>.</param>
    public static TaskTelemetry StartTile(
        ComputeTiles run, long tile, JobContext? job, double? queueSeconds, string worker, TimeProvider time)
    {
        TaskTelemetry telemetry = new(TelemetryNames.TileSpan, run, queueSeconds, worker, time);
        if (job is { Plan.Prediction: { BytesWritten: > 0 } predicted })
            telemetry.multiplyAddsPerByte = predicted.Flops / 2 / predicted.BytesWritten;
        if (telemetry.span is { IsAllDataRequested: true } span)
        {
            span.SetTag(TelemetryNames.TileIndex, tile);
            span.SetTag(TelemetryNames.TileLevel, run.Level ?? 0);
            span.SetTag(TelemetryNames.Algorithm, job?.Plan.Layers[0].Algorithm);
            span.SetTag(TelemetryNames.Technique, job?.Kernel.Technique);
            span.SetTag(TelemetryNames.Device, job?.Device);
        }

        return telemetry;
    }

    /// <summary>An ingest or an export begins; see <see cref="StartTile"/>.</summary>
    public static TaskTelemetry StartPicture(ComputeTiles run, double? queueSeconds, string worker, TimeProvider time) =>
        new(run.Stage == JobStage.Ingest ? "ingest" : "export", run, queueSeconds, worker, time);

    /// <summary>What is told of it.</summary>
    public TileOutcome OutcomeOf(TileCosts costs) =>
        new(costs, Seconds, span is { Recorded: true } kept ? kept.TraceId.ToHexString() : null);

    /// <summary>It has gone well.</summary>
    public void Complete(TileCosts costs)
    {
        End("completed");
        if (!isTile)
            return;
        WorkerTelemetry.BytesRead.Add(costs.BytesRead);
        WorkerTelemetry.BytesWritten.Add(costs.BytesWritten);
        WorkerTelemetry.MultiplyAdds.Add((long)Math.Round(multiplyAddsPerByte * costs.BytesWritten));
        span?.SetTag(TelemetryNames.BytesRead, costs.BytesRead);
        span?.SetTag(TelemetryNames.BytesWritten, costs.BytesWritten);
    }

    /// <summary>It has not.</summary>
    public void Fail(Exception error)
    {
        End("failed");
        WorkerTelemetry.CountErrors(TileErrors.KindOf(error), 1);
        span?.SetStatus(ActivityStatusCode.Error, TileErrors.MessageOf(error));
        span?.AddException(error);
    }

    public void Dispose() => span?.Dispose();

    private double Seconds => time.GetElapsedTime(start).TotalSeconds;

    private void End(string state)
    {
        if (isTile)
        {
            WorkerTelemetry.TileDuration.Record(Seconds, new KeyValuePair<string, object?>(TelemetryNames.TileState, state));
        }

        span?.SetTag(TelemetryNames.TileState, state);
    }

    private static ActivityLink[] LinksTo(string? traceParent) =>
        ActivityContext.TryParse(traceParent, traceState: null, isRemote: true, out ActivityContext job) ? [new ActivityLink(job)] : [];
}
