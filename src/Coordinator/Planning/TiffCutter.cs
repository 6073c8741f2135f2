using Upweave.Storage.Tiff;
using Upweave.Tiling;
using static Upweave.Tiling.IntegerMath;

namespace Upweave.Coordinator.Planning;

/// <summary>Tiles of whole TIFF tiles, whose sides are multiples of 16 and at most a given length; any number of planes.</summary>
public sealed class TiffCutter(Dims space, long side) : ITileCutter
{
    /// <summary>The axes before it are planes.</summary>
    private readonly int firstInPlane = space.Count - 2;

    public Dims Fit(Dims tile) => Dims.Build(space.Count, axis =>
    {
        long extent = Math.Min(tile[axis], space[axis]);
        return axis < firstInPlane ? extent : Math.Min(RoundUp(extent, TiffTiling.Chunk(extent, side)), space[axis]);
    });

    /// <summary>TIFF tiles are made smaller only where there is a single one of a single plane.</summary>
    public Dims Halve(Dims tile)
    {
        int longest = Enumerable.Range(0, tile.Count)
            .OrderByDescending(axis => tile[axis] > (axis < firstInPlane ? 1 : side))
            .ThenByDescending(axis => tile[axis])
            .First();
        long half = CeilDiv(tile[longest], 2);
        if (longest >= firstInPlane)
            half = RoundUp(half, half > side ? side : TiffTiling.Unit);
        return half >= tile[longest] ? tile : Dims.Build(tile.Count, axis => axis == longest ? half : tile[axis]);
    }

    public Dims Chunk(Dims tile) =>
        Dims.Build(tile.Count, axis => axis < firstInPlane ? 1 : TiffTiling.Chunk(tile[axis], side));
}
