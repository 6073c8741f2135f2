using Upweave.Storage.Stores;
using static Upweave.Tiling.IntegerMath;

namespace Upweave.Storage.Tiff;

/// <summary>
/// Header and directories of a TIFF, made of where its blocks lie and of their notes. Takes 12 bytes for each TIFF tile, and some MiB.
/// Offsets have 32 bits where the file ends below 2 GiB, which every reader can open, else 64.
/// </summary>
internal sealed class TiffFrame(TiffShape shape, TiffBlocks blocks, TiffTags tags, string path) : IFileFrame
{
    /// <summary>Above this many bytes a file is a BigTIFF: there are readers that take an offset for a signed number.</summary>
    private const long ClassicBytesMax = int.MaxValue;

    /// <summary>A piece of the tail has so many bytes, or more where that would make too many blocks.</summary>
    private const int PieceBytes = 4 << 20;

    public IEnumerable<int> Blocks => blocks.Indices();

    public long TailBytesMax => checked(TiffDirectoryLayout.Alignment + Math.Max(LengthOf(isBig: false), LengthOf(isBig: true)));

    public FileEnds Build(IReadOnlyList<PlacedBlock> placed, long tailStart)
    {
        (long[] offsets, int[] sizes) = Places(placed);
        long start = RoundUp(tailStart, TiffDirectoryLayout.Alignment);
        long end = Math.Max(start + LengthOf(isBig: false), placed.Max(block => block.Offset + block.Block.Length));
        TiffDirectoryLayout directory = new(IsBig: end > ClassicBytesMax);
        return new FileEnds(
            directory.Header(IFileFrame.HeadBytes, start), Tail((int)(start - tailStart), start, directory, offsets, sizes));
    }

    private (long[] Offsets, int[] Sizes) Places(IReadOnlyList<PlacedBlock> placed)
    {
        long[] offsets = new long[shape.TileCount];
        int[] sizes = new int[shape.TileCount];
        int next = 0;
        for (long tile = 0; tile < blocks.Tiles; tile++)
        {
            foreach ((_, List<(long Tile, Tiling.Box)> within) in blocks.Of(tile))
            {
                (FloatingBlock block, long offset) = placed[next++];
                int[] lengths = TiffBlocks.Sizes(block, within.Count)
                    ?? throw new CorruptDataException($"Block {block.Index} of '{path}' has a note that contradicts its length.");
                for (int part = 0; part < lengths.Length; part++)
                {
                    (offsets[within[part].Tile], sizes[within[part].Tile]) = (offset, lengths[part]);
                    offset += lengths[part];
                }
            }
        }

        return (offsets, sizes);
    }

    private long LengthOf(bool isBig)
    {
        TiffDirectoryLayout directory = new(isBig);
        ReadOnlySpan<long> offsets = new long[shape.TilesPerPage];
        ReadOnlySpan<int> sizes = new int[shape.TilesPerPage];
        long first = directory.Length(tags.OfPage(0, isBig, offsets, sizes));
        return shape.Pages == 1 ? first : checked(first + ((shape.Pages - 1) * directory.Length(tags.OfPage(1, isBig, offsets, sizes))));
    }

    private IEnumerable<ReadOnlyMemory<byte>> Tail(int padding, long start, TiffDirectoryLayout directory, long[] offsets, int[] sizes)
    {
        byte[] piece = new byte[Math.Max(PieceBytes, 2 * TailBytesMax / TiffBlocks.EndBlocksMax)];
        int filled = padding;
        int perPage = (int)shape.TilesPerPage;
        for (long page = 0; page < shape.Pages; page++)
        {
            int at = (int)(page * perPage);
            IReadOnlyList<TiffEntry> fields =
                tags.OfPage(page, directory.IsBig, offsets.AsSpan(at, perPage), sizes.AsSpan(at, perPage));
            int length = checked((int)directory.Length(fields));
            if (length > piece.Length - filled)
            {
                if (filled > 0)
                    yield return piece.AsMemory(0, filled);
                filled = 0;
                if (length > piece.Length)
                    piece = new byte[length];
            }

            long next = page == shape.Pages - 1 ? 0 : start + length;
            directory.Write(piece.AsSpan(filled, length), start, next, fields);
            filled += length;
            start += length;
        }

        yield return piece.AsMemory(0, filled);
    }
}
