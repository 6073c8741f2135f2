using Upweave.Contracts.Messages;

namespace Upweave.Cli.Rendering;

/// <summary>Progress in words.</summary>
internal static class ProgressText
{
    /// <summary>What a stage does.</summary>
    public static string Stage(JobStage stage) => stage switch
    {
        JobStage.Ingest => "reading input",
        JobStage.Compute => "computing",
        JobStage.Pyramid => "pyramid",
        JobStage.Export => "writing picture",
        JobStage.Commit => "publishing",
        _ => stage.ToString(),
    };

    /// <summary>Whether a stage is many tiles, and not a single task.</summary>
    public static bool HasTiles(JobStage stage) => stage is JobStage.Compute or JobStage.Pyramid;

    /// <summary>E.g. <c>120/320 tiles  41 tiles/s  88.1 MB/s  ETA 5 s</c>; empty outside of the stages with tiles.</summary>
    public static string Details(JobProgressed progress, RateMeter meter)
    {
        if (!HasTiles(progress.Stage))
            return "";
        string tiles = $"{Units.Count(progress.TilesDone)}/{Units.Count(progress.TileCount, "tile")}";
        if (meter.Remaining is not TimeSpan remaining)
            return tiles;
        string rates = $"{Units.Digits(meter.TilesPerSecond)} tiles/s  {Units.Rate(meter.BytesPerSecond)}";
        return progress.TilesDone == progress.TileCount ? $"{tiles}  {rates}" : $"{tiles}  {rates}  ETA {Units.Duration(remaining)}";
    }

    /// <summary>A tile that will be tried again, or that the job will fail for.</summary>
    public static string Failure(TileFailed failure)
    {
        string level = failure.Level is int number ? $" of level {number}" : "";
        string message = failure.Message.ReplaceLineEndings(" ");
        return $"tile {failure.Tile}{level} failed (attempt {failure.Attempt}, {failure.Worker}): {message}";
    }
}
