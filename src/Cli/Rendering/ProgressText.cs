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
        JobStage.Export => "writing picture",
        JobStage.Commit => "publishing",
        _ => stage.ToString(),
    };

    /// <summary>E.g. <c>120/320 tiles  41 tiles/s  88.1 MB/s  ETA 5 s</c>; empty outside of the stage with tiles.</summary>
    public static string Details(JobProgressed progress, RateMeter meter)
    {
        if (progress.Stage != JobStage.Compute)
            return "";
        string tiles = $"{Units.Count(progress.TilesDone)}/{Units.Count(progress.TileCount, "tile")}";
        if (meter.Remaining is not TimeSpan remaining)
            return tiles;
        string rates = $"{Units.Digits(meter.TilesPerSecond)} tiles/s  {Units.Rate(meter.BytesPerSecond)}";
        return progress.TilesDone == progress.TileCount ? $"{tiles}  {rates}" : $"{tiles}  {rates}  ETA {Units.Duration(remaining)}";
    }

    /// <summary>A tile that will be tried again, or that the job will fail for.</summary>
    public static string Failure(TileFailed failure) =>
        $"tile {failure.Tile} failed (attempt {failure.Attempt}, {failure.Worker}): {failure.Message.ReplaceLineEndings(" ")}";
}
