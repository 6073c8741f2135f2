using Upweave.Tiling;

namespace Upweave.Storage.Sequential;

/// <summary>
/// Tiles for elements that come in C order: each is one run of them, cut into whole chunks, so that one is filled while the one before
/// is written.
/// </summary>
internal static class RunLayout
{
    /// <summary>A tile, in bytes, at most.</summary>
    private const long TileBytesMax = 32 << 20;

    /// <summary>An axis is cut only where a tile then has as many indices of it.</summary>
    private const long ExtentWanted = 8;

    /// <summary>The side of a chunk on the axis that is cut, by the number of axes within: 2^18 elements and more.</summary>
    private static readonly long[] CutSides = [1 << 18, 512, 32];

    /// <param name="leading">Axes that are not of space, of which a tile has one index.</param>
    /// <returns>A tile: one index on the outer axes, a range on one, all of the inner ones.</returns>
    public static (Dims Tile, Dims Chunk) Of(Dims shape, int leading, ElementType type)
    {
        int cut = shape.Count - 1;
        long inner = type.Size();
        while (cut > leading && checked(inner * shape[cut]) <= TileBytesMax / ExtentWanted)
        {
            inner *= shape[cut--];
        }

        int within = shape.Count - 1 - cut;
        long most = Math.Min(shape[cut], Math.Max(1, TileBytesMax / inner));
        long side = Math.Min(CutSides[within], most);
        long innerSide = within == 1 ? 512 : side >= 16 ? 128 : 256;
        return (
            Dims.Build(shape.Count, axis => axis < cut ? 1 : axis == cut ? most == shape[cut] ? most : most / side * side : shape[axis]),
            Dims.Build(shape.Count, axis => axis < cut ? 1 : axis == cut ? side : Math.Min(innerSide, shape[axis])));
    }
}
