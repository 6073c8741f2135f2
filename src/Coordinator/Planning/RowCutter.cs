using Upweave.Tiling;
using static Upweave.Tiling.IntegerMath;

namespace Upweave.Coordinator.Planning;

/// <summary>
/// Tiles that are one run of bytes per channel in C order: a range on one axis, one element on the axes before it, and
/// all of the axes after it.
/// </summary>
public sealed class RowCutter(Dims space) : ITileCutter
{
    /// <summary>Keeps the first axis that is asked to be longer than 1, and takes the axes after it whole.</summary>
    public Dims Fit(Dims tile)
    {
        int cut = 0;
        while (cut < space.Count - 1 && Math.Min(tile[cut], space[cut]) == 1)
        {
            cut++;
        }

        return Dims.Build(space.Count, axis => axis < cut ? 1 : axis == cut ? Math.Min(tile[axis], space[axis]) : space[axis]);
    }

    public Dims Halve(Dims tile)
    {
        int cut = 0;
        while (cut < tile.Count && tile[cut] == 1)
        {
            cut++;
        }

        return cut == tile.Count ? tile : Dims.Build(tile.Count, axis => axis == cut ? CeilDiv(tile[axis], 2) : tile[axis]);
    }

    public Dims Chunk(Dims tile) => tile;
}
