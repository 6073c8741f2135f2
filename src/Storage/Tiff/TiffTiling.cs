using Upweave.Storage.Arrays;
using Upweave.Tiling;
using static Upweave.Tiling.IntegerMath;

namespace Upweave.Storage.Tiff;

/// <summary>How large TIFF tiles are.</summary>
public static class TiffTiling
{
    /// <summary>Sides of TIFF tiles are multiples of it.</summary>
    public const long Unit = 16;

    /// <summary>The most bytes of a TIFF tile.</summary>
    public const long TileBytesMax = TiffBlocks.TileBytesMax;

    private const long PlaneSide = 512;
    private const long VolumeSide = 256;
    private const long SideMin = 64;

    /// <summary>A TIFF tile's bytes above which its side is halved.</summary>
    private const long TileBytes = 1 << 20;

    /// <summary>A copy's tile, in bytes, at most; more where there would be too many blocks.</summary>
    private const long CopyTileBytes = 8 << 20;

    /// <summary>
    /// TIFF tiles of a file, above which they are made larger: half as many as blocks of them hold, since not all blocks are full.
    /// </summary>
    private const long TilesWanted = 250_000;

    /// <summary>
    /// TIFF tiles of a plane, above which they are made larger as long as they stay within <see cref="TileBytes"/>: a block holds a
    /// few TIFF tiles whatever their size, and a blob service takes almost as long for a small block as for a large one.
    /// </summary>
    private const long PlaneTilesWanted = 4096;

    /// <summary>
    /// The side of TIFF tiles: 512 in planes and 256 in volumes; half of it, and again, where pixels have many bytes; twice as much, and
    /// again, where there would be too many, and in large planes of small pixels (1024 from 2^30 pixels of one byte on).
    /// </summary>
    /// <param name="shape">Over all axes.</param>
    /// <param name="axes">One letter per axis.</param>
    public static long Side(Dims shape, string axes, ElementType type, bool isOme)
    {
        TiffShape ShapeOf(long length) => new(shape, axes, type, isOme, Dims.Repeat(length, shape.Count));
        long side = ShapeOf(PlaneSide).Depth > 1 ? VolumeSide : PlaneSide;
        while (ShapeOf(side).TileBytes > TileBytes && side > SideMin)
        {
            side /= 2;
        }

        while (ShapeOf(side).Depth == 1 && ShapeOf(side).TileCount > PlaneTilesWanted && 4L * ShapeOf(side).TileBytes <= TileBytes)
        {
            side *= 2;
        }

        while (ShapeOf(side).TileCount > TilesWanted && 4L * ShapeOf(side).TileBytes <= TiffBlocks.TileBytesMax)
        {
            side *= 2;
        }

        return side;
    }

    /// <summary>The extent of the TIFF tiles that go with a tile's: a whole number of them makes it, or a little more.</summary>
    public static long Chunk(long extent, long side) => RoundUp(CeilDiv(extent, CeilDiv(extent, side)), Unit);

    /// <summary>A TIFF tile's shape over all axes.</summary>
    /// <param name="sides">Height and width.</param>
    public static Dims ChunkShape(Dims shape, string axes, ElementType type, bool isOme, Dims sides)
    {
        TiffShape file = new(shape, axes, type, isOme, sides);
        return Dims.Build(shape.Count, axis => axes[axis] switch
        {
            'y' => sides[^2],
            'x' => sides[^1],
            'c' => file.TileSamples,
            _ => 1,
        });
    }

    /// <summary>Blocks that the tiles of a layout make; the file can have <see cref="BlocksMax"/>.</summary>
    public static long Blocks(OutputLayout layout) => TiffBlocks.Count(layout);

    /// <summary>The most blocks of tiles, less than a blob can have: header and directory are blocks too.</summary>
    public const long BlocksMax = Stores.StagedBlocks.CountMax - TiffBlocks.EndBlocksMax;

    /// <summary>The layout of a plain copy: tiles of some TIFF tiles of one plane, more of them where there are many.</summary>
    /// <exception cref="InvalidArrayException">The array cannot be such a file.</exception>
    internal static OutputLayout CopyLayout(ArrayInfo info, OutputFormat format, string path, string owner, LayoutOptions options)
    {
        string axes = info.Axes ?? Arrays.CopyLayout.AxesOf(info.Shape);
        bool isOme = format == OutputFormat.OmeTiff;
        TiffRules.Require(path, info.Shape, axes, info.Type, isOme);
        long side = Side(info.Shape, axes, info.Type, isOme);
        Dims sides = options.Chunk ?? [Chunk(info.Shape[^2], side), Chunk(info.Shape[^1], side)];
        Dims chunk = ChunkShape(info.Shape, axes, info.Type, isOme, sides);
        OutputLayout Layout(long times) => new()
        {
            Format = format,
            Path = path,
            Owner = owner,
            Shape = info.Shape,
            Type = info.Type,
            Axes = axes,
            Space = info.Space,
            Tile = Dims.Build(chunk.Count, axis => axis < chunk.Count - 2 ? chunk[axis] : chunk[axis] * times),
            Chunk = chunk,
            Compression = options.Compression,
            CompressionLevel = options.Level,
        };
        long times = 1;
        while ((Layout(times).Tile[^1] < info.Shape[^1] || Layout(times).Tile[^2] < info.Shape[^2])
            && (4 * Layout(times).Tile.Volume * info.Type.Size() <= CopyTileBytes || Blocks(Layout(times)) > BlocksMax))
        {
            times *= 2;
        }

        return Layout(times);
    }
}
