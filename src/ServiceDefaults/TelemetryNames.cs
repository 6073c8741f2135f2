namespace Upweave.ServiceDefaults;

/// <summary>
/// Names of metrics and of the tags of spans and metrics: what dashboards and alerts are made of. docs/telemetry.md explains each.
/// </summary>
public static class TelemetryNames
{
    /// <summary>Name of a tile's span, and nobody else's: the sampler goes by it.</summary>
    public const string TileSpan = "tile";

    /// <summary>Counter, tiles that changed their state.</summary>
    public const string Tiles = "upweave.tiles";

    /// <summary>Tiles sent to workers without an answer yet.</summary>
    public const string TilesInFlight = "upweave.tiles.in_flight";

    /// <summary>What is left to do of all jobs: what a fleet is scaled by.</summary>
    public const string TilesRemaining = "upweave.tiles.remaining";

    /// <summary>Runs of tiles that all jobs together may have out.</summary>
    public const string WindowRuns = "upweave.window.runs";

    /// <summary>Counter, tiles of which the store and the coordinator thought differently.</summary>
    public const string ReconcileFindings = "upweave.reconcile.findings";

    public const string Finding = "upweave.reconcile.finding";

    public const string JobsRunning = "upweave.jobs.running";

    /// <summary>Counter, jobs that ended.</summary>
    public const string Jobs = "upweave.jobs";

    public const string JobDuration = "upweave.job.duration";

    public const string TileDuration = "upweave.tile.duration";

    public const string TileReadDuration = "upweave.tile.read.duration";

    public const string TileComputeDuration = "upweave.tile.compute.duration";

    public const string TileWriteDuration = "upweave.tile.write.duration";

    /// <summary>Counter, attempts that failed, by the kind of error.</summary>
    public const string TileErrors = "upweave.tile.errors";

    public const string ErrorKind = "upweave.error.kind";

    /// <summary>Histogram: from the coordinator's sending until a worker takes a run.</summary>
    public const string QueueDuration = "upweave.queue.duration";

    /// <summary>Tag of a tile's span: how long its run lay in the queue, in seconds.</summary>
    public const string QueueWait = "upweave.queue.wait";

    public const string MultiplyAdds = "upweave.multiply_adds";

    public const string SlotsBusy = "upweave.slots.busy";

    public const string Slots = "upweave.slots";

    /// <summary>Whether a store answers: 1 or 0.</summary>
    public const string StoreAvailable = "upweave.store.available";

    public const string StoreName = "upweave.store.name";

    /// <summary>Tags of a span of dispatching.</summary>
    public const string DispatchTiles = "upweave.dispatch.tiles";

    public const string DispatchRuns = "upweave.dispatch.runs";

    /// <summary>Counter, and tag of a tile's span.</summary>
    public const string BytesRead = "upweave.bytes.read";

    /// <summary>Counter, and tag of a tile's span.</summary>
    public const string BytesWritten = "upweave.bytes.written";

    public const string JobId = "upweave.job.id";

    public const string JobState = "upweave.job.state";

    public const string JobTiles = "upweave.job.tiles";

    public const string TilesComputed = "upweave.job.tiles_computed";

    public const string PlanHash = "upweave.plan.hash";

    public const string Output = "upweave.output";

    public const string OutputFormat = "upweave.output.format";

    public const string OutputDtype = "upweave.output.dtype";

    public const string Stage = "upweave.stage";

    public const string TileIndex = "upweave.tile.index";

    /// <summary>The resolution that a tile is of: 0 is the full one.</summary>
    public const string TileLevel = "upweave.tile.level";

    public const string TileAttempt = "upweave.tile.attempt";

    /// <summary>What computed a tile: <c>cpu</c>, or the name of a device.</summary>
    public const string Device = "upweave.device";

    public const string TileBox = "upweave.tile.box";

    public const string TileState = "upweave.tile.state";

    public const string Algorithm = "upweave.kernel.algorithm";

    public const string Technique = "upweave.kernel.technique";

    public const string Worker = "upweave.worker";

    /// <summary>Counter, messages that were taken from a queue and not handled.</summary>
    public const string MessagesRefused = "upweave.messages.refused";

    public const string Queue = "upweave.queue";

    /// <summary>Why a message was refused.</summary>
    public const string RefusalReason = "upweave.refusal.reason";
}
