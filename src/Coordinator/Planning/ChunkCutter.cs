using Upweave.Tiling;
using static Upweave.Tiling.IntegerMath;

namespace Upweave.Coordinator.Planning;

/// <summary>Tiles of whole chunks.</summary>
/// <param name="sides">Sides of a chunk.</param>
/// <param name="isExact">Chunks have these sides, whatever is left at the far edges; else they are at most as long, and all alike.</param>
public sealed class ChunkCutter(Dims space, Dims sides, bool isExact) : ITileCutter
{
    /// <summary>An axis longer than a chunk is cut into chunks of one length, which may round it up by a few elements.</summary>
    public Dims Fit(Dims tile) => Dims.Build(space.Count, axis =>
    {
        long extent = Math.Min(tile[axis], space[axis]);
        if (isExact)
            return Math.Min(RoundUp(extent, sides[axis]), space[axis]);
        long chunks = CeilDiv(extent, sides[axis]);
        return CeilDiv(extent, chunks) * chunks;
    });

    public Dims Halve(Dims tile)
    {
        int longest = Enumerable.Range(0, tile.Count).MaxBy(axis => tile[axis]);
        long half = CeilDiv(tile[longest], 2);
        if (isExact || half > sides[longest])
            half = RoundUp(half, sides[longest]);
        return half >= tile[longest] ? tile : Dims.Build(tile.Count, axis => axis == longest ? half : tile[axis]);
    }

    public Dims Chunk(Dims tile) => Dims.Build(tile.Count, axis => isExact
        ? Math.Min(sides[axis], tile[axis])
        : CeilDiv(tile[axis], CeilDiv(tile[axis], sides[axis])));
}
