using Upweave.Contracts.Messages;

namespace Upweave.Coordinator.Jobs;

/// <summary>Ends a job without a result.</summary>
public sealed class JobFailureException(string reason, IReadOnlyList<TileFailed> tiles) : Exception(reason)
{
    /// <summary>The most tiles that are named.</summary>
    public const int TilesNamedMax = 100;

    public IReadOnlyList<TileFailed> Tiles { get; } = [.. tiles.OrderBy(tile => tile.Tile).Take(TilesNamedMax)];

    /// <param name="output">Somebody has put something else there.</param>
    public static JobFailureException OutputChanged(string output) => new(
        $"{output} is not what it was when the job was planned, so it was left alone. "
        + "hint: move it away and run the same job again", []);

    /// <summary>The failure of a stage in which tiles failed.</summary>
    public static JobFailureException Of(JobStage stage, IReadOnlyCollection<TileFailed> tiles)
    {
        TileFailed first = tiles.MinBy(tile => tile.Tile)!;
        string tile = first.Level is int level ? $"tile {first.Tile} of level {level}" : $"tile {first.Tile}";
        string what = stage is JobStage.Compute or JobStage.Pyramid ? $"{tiles.Count} tile(s) failed; {tile}" : $"{stage} failed";
        return new JobFailureException($"{what}: {first.Message}", [.. tiles]);
    }
}

/// <summary>Ends a job that was asked to stop.</summary>
public sealed class JobCancelledException() : Exception("The job was cancelled.");
