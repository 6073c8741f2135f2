using Upweave.Contracts.Messages;

namespace Upweave.Contracts;

/// <summary>
/// What every message about tiles keeps to, whichever version sent it. Whoever can write to a queue could send anything: numbers that
/// no plan has would cost time, memory or a job.
/// </summary>
public static class MessageRules
{
    /// <summary>The most tiles of one message; plans have far fewer.</summary>
    public const int TilesMax = 1 << 12;

    /// <summary>Tiles of the largest grid.</summary>
    public const long GridMax = 1L << 33;

    /// <summary>The most resolutions below the full one.</summary>
    public const int LevelMax = 64;

    /// <summary>The longest name or reference, in characters.</summary>
    public const int NameMax = 4096;

    /// <summary>The longest description of an error, in characters.</summary>
    public const int TextMax = 1 << 16;

    private const int PlanHashLength = 32;

    /// <summary>The most seconds and bytes that a message may say its tiles took: no sum of such numbers overflows.</summary>
    private const double SecondsMax = 1e9;
    private const long BytesMax = 1L << 50;

    /// <returns>What is wrong; null when nothing is.</returns>
    public static string? FaultOf(ComputeTiles run) =>
        FaultOfTiles(run.PlanHash, run.Stage, run.Level, run.FirstTile, run.TileCount)
        ?? (IsName(run.Output) && run.Output.Length > 0 ? null : "its output is not a reference")
        ?? (run.Attempt >= 1 ? null : $"its attempt is {run.Attempt}")
        ?? (run.TraceParent is null || run.TraceParent.Length <= NameMax ? null : "its trace is too long");

    /// <inheritdoc cref="FaultOf(ComputeTiles)"/>
    public static string? FaultOf(TilesCompleted completed) =>
        FaultOfTiles(completed.PlanHash, completed.Stage, completed.Level, completed.FirstTile, completed.TileCount)
        ?? (IsName(completed.Worker) ? null : "its worker has no name")
        ?? (AreCosts(completed.Costs) ? null : "its costs are none")
        ?? (completed.HeldSeconds is null || IsSeconds(completed.HeldSeconds.Value) ? null : "its time is none");

    /// <inheritdoc cref="FaultOf(ComputeTiles)"/>
    public static string? FaultOf(TileFailed failed) =>
        FaultOfTiles(failed.PlanHash, failed.Stage, failed.Level, failed.Tile, count: 1)
        ?? (IsName(failed.Worker) ? null : "its worker has no name")
        ?? (failed.Message is { Length: <= TextMax } ? null : "its error is missing or too long")
        ?? (failed.Attempt >= 1 ? null : $"its attempt is {failed.Attempt}")
        ?? (Enum.IsDefined(failed.Kind) ? null : $"its kind of error is {failed.Kind}");

    private static string? FaultOfTiles(string? planHash, JobStage stage, int? level, long first, int count)
    {
        if (planHash is not { Length: PlanHashLength } || !planHash.All(char.IsAsciiHexDigitLower))
            return "its plan's hash is none";
        if (!Enum.IsDefined(stage))
            return $"its stage is {stage}";
        if (level is < 1 or > LevelMax)
            return $"its level is {level}";
        return first < 0 || count is < 1 or > TilesMax || first > GridMax - count ? $"its tiles are {count} from {first} on" : null;
    }

    private static bool IsName(string? text) => text is { Length: <= NameMax };

    private static bool IsSeconds(double seconds) => seconds is >= 0 and <= SecondsMax;

    private static bool AreCosts(TileCosts? costs) => costs is not null
        && IsSeconds(costs.ReadSeconds) && IsSeconds(costs.ComputeSeconds) && IsSeconds(costs.WriteSeconds)
        && costs.BytesRead is >= 0 and <= BytesMax && costs.BytesWritten is >= 0 and <= BytesMax;
}
