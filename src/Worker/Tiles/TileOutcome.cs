using Upweave.Contracts.Messages;

namespace Upweave.Worker.Tiles;

/// <summary>How an attempt at a tile, or at a task that stands for one, has ended.</summary>
/// <param name="Costs">Zero where it failed.</param>
/// <param name="Seconds">From its beginning to its end.</param>
/// <param name="TraceId">Its trace, in W3C's 32 hexadecimal digits; null when that is not kept.</param>
public readonly record struct TileOutcome(TileCosts Costs, double Seconds, string? TraceId)
{
    /// <summary>Why it failed; null when it did not.</summary>
    public Exception? Error { get; init; }
}
