using Upweave.Tiling;
using static Upweave.Tiling.IntegerMath;

namespace Upweave.Coordinator.Planning;

/// <summary>Tiles of whole chunks, whose sides are at most a given length.</summary>
public sealed class ChunkCutter(Dims space, long side) : ITileCutter
{
    /// <summary>An axis longer than a chunk is cut into chunks of one length, which may round it up by a few elements.</summary>
    public Dims Fit(Dims tile) => Dims.Build(space.Count, axis =>
    {
        long extent = Math.Min(tile[axis], space[axis]);
        long chunks = CeilDiv(extent, side);
        return CeilDiv(extent, chunks) * chunks;
    });

    public Dims Halve(Dims tile)
    {
        int longest = Enumerable.Range(0, tile.Count).MaxBy(axis => tile[axis]);
        long half = CeilDiv(tile[longest], 2);
        if (half > side)
            half = RoundUp(half, side);
        return half >= tile[longest] ? tile : Dims.Build(tile.Count, axis => axis == longest ? half : tile[axis]);
    }

    public Dims Chunk(Dims tile) => Dims.Build(tile.Count, axis => CeilDiv(tile[axis], CeilDiv(tile[axis], side)));
}
