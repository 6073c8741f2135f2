using Upweave.Storage.Tiff;
using Upweave.Tiling;
using static Upweave.Tiling.IntegerMath;

namespace Upweave.Coordinator.Planning;

/// <summary>Tiles of whole TIFF tiles, whose sides are multiples of 16; any number of planes.</summary>
/// <param name="sides">Height and width of a TIFF tile.</param>
/// <param name="isExact">TIFF tiles have these sides, whatever they are padded with; else they are at most as long.</param>
public sealed class TiffCutter(Dims space, Dims sides, bool isExact) : ITileCutter
{
    /// <summary>The axes before it are planes.</summary>
    private readonly int firstInPlane = space.Count - 2;

    public Dims Fit(Dims tile) => Dims.Build(space.Count, axis =>
    {
        long extent = Math.Min(tile[axis], space[axis]);
        return axis < firstInPlane ? extent : Math.Min(RoundUp(extent, SideOf(axis, extent)), space[axis]);
    });

    /// <summary>TIFF tiles are made smaller only where there is a single one of one plane, and nobody has asked for their size.</summary>
    public Dims Halve(Dims tile)
    {
        int longest = Enumerable.Range(0, tile.Count)
            .OrderByDescending(axis => tile[axis] > (axis < firstInPlane ? 1 : sides[axis - firstInPlane]))
            .ThenByDescending(axis => tile[axis])
            .First();
        long half = CeilDiv(tile[longest], 2);
        if (longest >= firstInPlane)
        {
            long side = sides[longest - firstInPlane];
            half = RoundUp(half, isExact || half > side ? side : TiffTiling.Unit);
        }

        return half >= tile[longest] ? tile : Dims.Build(tile.Count, axis => axis == longest ? half : tile[axis]);
    }

    public Dims Chunk(Dims tile) => Dims.Build(tile.Count, axis => axis < firstInPlane ? 1 : SideOf(axis, tile[axis]));

    private long SideOf(int axis, long extent)
    {
        long side = sides[axis - firstInPlane];
        return isExact ? side : TiffTiling.Chunk(extent, side);
    }
}
