using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Tiling;
using static Upweave.Tiling.IntegerMath;

namespace Upweave.Storage.Tiff;

/// <summary>
/// Which TIFF tiles share a block. A tile of the job is whole TIFF tiles, cut into as few blocks as the notes of blocks allow, and all of
/// about one length: the note has the sizes of all TIFF tiles in the block but the last, three bytes each.
/// </summary>
internal sealed class TiffBlocks
{
    /// <summary>TIFF tiles in a block.</summary>
    public const int TilesMax = (BlockNote.BytesMax / SizeBytes) + 1;

    /// <summary>The most bytes of a TIFF tile, before it is compressed: the size after it must fit three bytes.</summary>
    public const int TileBytesMax = 8 << 20;

    /// <summary>Blocks that are left for the directory, and the header.</summary>
    public const int EndBlocksMax = 100;

    private const int SizeBytes = 3;

    private readonly TiffShape shape;
    private readonly TileGrid tiles;
    private readonly string axes;
    private readonly long blocksPerTile;

    /// <exception cref="ArgumentException">Tiles are not whole TIFF tiles, or make too many blocks or too large ones.</exception>
    public TiffBlocks(TiffShape shape, OutputLayout layout)
    {
        this.shape = shape;
        tiles = layout.Tiles();
        axes = TiffShape.AxesOf(layout);
        Box first = BoxOf(0);
        Check(first, layout);
        blocksPerTile = CeilDiv(shape.Count(first), TilesMax);
        if (checked(tiles.Count * blocksPerTile) > StagedBlocks.CountMax - EndBlocksMax)
        {
            throw new ArgumentException(
                $"Tiles {tiles.Tile} of {layout.Shape} make {tiles.Count * blocksPerTile} blocks; at most "
                + $"{StagedBlocks.CountMax - EndBlocksMax} make one TIFF.", nameof(layout));
        }
    }

    /// <summary>Blocks that the tiles of a layout make.</summary>
    public static long Count(OutputLayout layout)
    {
        TileGrid grid = layout.Tiles();
        TiffShape shape = TiffShape.Of(layout);
        return checked(grid.Count * CeilDiv(shape.Count(TiffShape.Whole(grid[0], TiffShape.AxesOf(layout))), TilesMax));
    }

    /// <summary>Tiles of the job.</summary>
    public long Tiles => tiles.Count;

    /// <summary>A job tile's box over batch, channels, z, y and x.</summary>
    public Box BoxOf(long tile) => TiffShape.Whole(tiles[tile], axes);

    /// <summary>A job tile's blocks: the index of each, and the TIFF tiles in it.</summary>
    public IEnumerable<(int Index, List<(long Tile, Box Box)> Tiles)> Of(long tile)
    {
        Box box = BoxOf(tile);
        long count = shape.Count(box);
        long blocks = CeilDiv(count, TilesMax);
        int first = 1 + (int)(tile * blocksPerTile);
        using var parts = shape.Tiles(box).GetEnumerator();
        for (int block = 0; block < blocks; block++)
        {
            List<(long, Box)> within = [];
            for (long until = (block + 1) * count / blocks; within.Count < until - (block * count / blocks) && parts.MoveNext();)
            {
                within.Add(parts.Current);
            }

            yield return (first + block, within);
        }
    }

    /// <summary>The indices of all blocks, ascending.</summary>
    public IEnumerable<int> Indices()
    {
        for (long tile = 0; tile < tiles.Count; tile++)
        {
            long blocks = CeilDiv(shape.Count(BoxOf(tile)), TilesMax);
            for (int block = 0; block < blocks; block++)
            {
                yield return 1 + (int)(tile * blocksPerTile) + block;
            }
        }
    }

    /// <summary>The note of a block whose TIFF tiles have these sizes, each below 2^24.</summary>
    public static BlockNote Note(IReadOnlyList<int> sizes)
    {
        Span<byte> bytes = stackalloc byte[BlockNote.BytesMax];
        bytes.Clear();
        for (int tile = 0; tile < sizes.Count - 1; tile++)
        {
            (bytes[SizeBytes * tile], bytes[(SizeBytes * tile) + 1], bytes[(SizeBytes * tile) + 2]) =
                ((byte)sizes[tile], (byte)(sizes[tile] >> 8), (byte)(sizes[tile] >> 16));
        }

        return new BlockNote(bytes);
    }

    /// <summary>The sizes of a block's TIFF tiles; null when its note contradicts its length.</summary>
    public static int[]? Sizes(FloatingBlock block, int count)
    {
        byte[] note = block.Note.ToArray();
        int[] sizes = new int[count];
        int left = block.Length;
        for (int tile = 0; tile < count - 1; tile++)
        {
            ReadOnlySpan<byte> size = note.AsSpan(SizeBytes * tile, SizeBytes);
            sizes[tile] = size[0] | (size[1] << 8) | (size[2] << 16);
            left -= sizes[tile];
        }

        sizes[^1] = left;
        return sizes.All(size => size > 0) ? sizes : null;
    }

    private void Check(Box first, OutputLayout layout)
    {
        bool isWhole = IsWhole(first, 3, shape.TileHeight, shape.Height) && IsWhole(first, 4, shape.TileWidth, shape.Width)
            && (!shape.IsChunky || first.Shape[1] == shape.Channels);
        if (shape.TileHeight % 16 != 0 || shape.TileWidth % 16 != 0 || !isWhole)
            throw new ArgumentException($"Tiles {layout.Tile} are not whole TIFF tiles {layout.Chunk} of 16 x 16 or so.", nameof(layout));
        if (shape.TileBytes > TileBytesMax)
            throw new ArgumentException($"TIFF tiles {layout.Chunk} have more than {TileBytesMax} bytes.", nameof(layout));
    }

    private static bool IsWhole(Box box, int axis, long side, long extent) => box.Shape[axis] % side == 0 || box.Shape[axis] == extent;
}
