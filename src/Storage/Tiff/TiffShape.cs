using Upweave.Storage.Arrays;
using Upweave.Tiling;
using static Upweave.Tiling.IntegerMath;

namespace Upweave.Storage.Tiff;

/// <summary>
/// How an array lies in a TIFF. In a plain file a page holds all channels of one plane, side by side in each pixel; where they are many,
/// one after the other, which libvips does not read; pages go through z, then batches. In an OME-TIFF a page is one channel of one plane,
/// and pages go through z, then channels, then batches (XYZCT).
/// </summary>
internal sealed class TiffShape
{
    /// <summary>More channels than these are planes: a TIFF tile holds all channels that lie side by side.</summary>
    private const int ChunkyChannelsMax = 16;

    private readonly long[] extents;

    /// <param name="axes">One letter per axis, of <c>n c z y x</c> in that order; the last two are <c>yx</c>.</param>
    /// <param name="chunk">A TIFF tile's shape over the array's axes; only its last two extents count.</param>
    public TiffShape(Dims shape, string axes, ElementType type, bool isOme, Dims chunk)
    {
        extents = [.. "nczyx".Select(letter => Extent(shape, axes, letter))];
        Type = type;
        IsOme = isOme;
        IsChunky = !isOme && Channels <= ChunkyChannelsMax;
        (TileHeight, TileWidth) = (checked((int)chunk[^2]), checked((int)chunk[^1]));
        Rows = CeilDiv(Height, TileHeight);
        Columns = CeilDiv(Width, TileWidth);
    }

    public static TiffShape Of(OutputLayout layout) =>
        new(layout.Shape, AxesOf(layout), layout.Type, layout.Format == OutputFormat.OmeTiff, layout.Chunk);

    public ElementType Type { get; }

    public bool IsOme { get; }

    /// <summary>The channels of a pixel lie side by side; else each is a plane.</summary>
    public bool IsChunky { get; }

    /// <summary>Three channels are taken for red, green and blue, a fourth for alpha.</summary>
    public bool IsColour => IsChunky && Channels is 3 or 4;

    public long Batch => extents[0];

    public long Channels => extents[1];

    public long Depth => extents[2];

    public long Height => extents[3];

    public long Width => extents[4];

    public int TileHeight { get; }

    public int TileWidth { get; }

    /// <summary>Rows of TIFF tiles in a plane.</summary>
    public long Rows { get; }

    /// <summary>Columns of TIFF tiles in a plane.</summary>
    public long Columns { get; }

    /// <summary>Channels in a page.</summary>
    public int Samples => IsOme ? 1 : (int)Channels;

    /// <summary>Channels in a TIFF tile.</summary>
    public int TileSamples => IsChunky ? (int)Channels : 1;

    public long Pages => checked(Batch * Depth * (IsOme ? Channels : 1));

    public long TilesPerPage => checked(Rows * Columns * (Samples / TileSamples));

    /// <summary>TIFF tiles in the file.</summary>
    public long TileCount => checked(Pages * TilesPerPage);

    /// <summary>Bytes of a TIFF tile before it is compressed.</summary>
    public int TileBytes => checked(TileHeight * TileWidth * TileSamples * Type.Size());

    /// <summary>An array's box over batch, channels, z, y and x.</summary>
    public static Box Whole(Box box, string axes) => new(
        Dims.Build(5, axis => axes.IndexOf("nczyx"[axis], StringComparison.Ordinal) is var at and >= 0 ? box.Origin[at] : 0),
        Dims.Build(5, axis => Extent(box.Shape, axes, "nczyx"[axis])));

    /// <summary>The number of TIFF tiles that a box of the array takes, which begins at a TIFF tile.</summary>
    public long Count(Box box) => checked(
        box.Shape[0] * (IsChunky ? 1 : box.Shape[1]) * box.Shape[2]
        * CeilDiv(box.Shape[3], TileHeight) * CeilDiv(box.Shape[4], TileWidth));

    /// <summary>
    /// The TIFF tiles of a box that begins at one: each tile's number in the file and its box, which may reach beyond the array.
    /// </summary>
    /// <param name="box">Over the five axes; all channels, where they lie side by side.</param>
    public IEnumerable<(long Tile, Box Box)> Tiles(Box box)
    {
        TileGrid grid = new(box.Shape, [1, TileSamples, 1, TileHeight, TileWidth]);
        for (long index = 0; index < grid.Count; index++)
        {
            Dims at = grid[index].Translate(box.Origin).Origin;
            long inPlane = (at[3] / TileHeight * Columns) + (at[4] / TileWidth);
            long plane = IsOme
                ? (((at[0] * Channels) + at[1]) * Depth) + at[2]
                : (((at[0] * Depth) + at[2]) * (Samples / TileSamples)) + (at[1] / TileSamples);
            yield return ((plane * Rows * Columns) + inPlane, new Box(at, [1, TileSamples, 1, TileHeight, TileWidth]));
        }
    }

    /// <summary>The axes of a layout; those of a copied array without names are guessed as <see cref="CopyLayout"/> does.</summary>
    public static string AxesOf(OutputLayout layout) => layout.Axes ?? CopyLayout.AxesOf(layout.Shape);

    private static long Extent(Dims shape, string axes, char letter) =>
        axes.IndexOf(letter, StringComparison.Ordinal) is var at and >= 0 ? shape[at] : 1;
}
