namespace Upweave.ServiceDefaults;

/// <summary>
/// Names of metrics and of the tags of spans and metrics: what dashboards and alerts are made of. docs/telemetry.md explains each.
/// </summary>
public static class TelemetryNames
{
    /// <summary>Counter, tiles that changed their state.</summary>
    public const string Tiles = "upweave.tiles";

    /// <summary>Tiles sent to workers without an answer yet.</summary>
    public const string TilesInFlight = "upweave.tiles.in_flight";

    public const string JobsRunning = "upweave.jobs.running";

    public const string JobDuration = "upweave.job.duration";

    public const string TileDuration = "upweave.tile.duration";

    public const string TileReadDuration = "upweave.tile.read.duration";

    public const string TileComputeDuration = "upweave.tile.compute.duration";

    public const string TileWriteDuration = "upweave.tile.write.duration";

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
}
