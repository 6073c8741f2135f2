using Upweave.Storage.Arrays;

namespace Upweave.Storage.Tiff;

/// <summary>Finds where a page's tiles and strips lie in the file, and checks that they can lie there.</summary>
internal sealed class TiffSegments(IByteSource source, bool bigEndian, string name)
{
    private readonly TiffTables tables = new(source, bigEndian, name);

    /// <summary>The tiles of a column, or the strips, that hold some rows of a page.</summary>
    /// <param name="shift">Bytes from the page's own place to the plane that is wanted.</param>
    /// <param name="sample">The channel, where each is stored by itself.</param>
    /// <param name="top">The first row wanted.</param>
    /// <param name="bottom">One past the last.</param>
    /// <param name="across">The column of tiles; 0 for strips.</param>
    /// <exception cref="CorruptDataException">One lies outside of the file, or has more or fewer bytes than it can have.</exception>
    public async ValueTask<TiffSegment[]> FindAsync(
        TiffPage page, long shift, int sample, long top, long bottom, int across, CancellationToken cancellationToken)
    {
        TiffLayout layout = page.Layout!;
        TiffTable table = await tables.GetAsync(page, cancellationToken);
        int first = (int)(top / layout.TileHeight), last = (int)((bottom - 1) / layout.TileHeight);
        TiffSegment[] segments = new TiffSegment[last - first + 1];
        for (int down = first; down <= last; down++)
        {
            long number = layout.TileNumber(sample, down, across);
            int rows = layout.RowsOf(down);
            (long offset, long bytes) = (table.Offsets[number] + shift, table.Counts[number]);
            TiffSegment segment = new(number, (long)down * layout.TileHeight, rows, offset, bytes);
            segments[down - first] = layout.Compression == TiffCompression.None
                ? CheckPlain(page, segment, rows * layout.RowBytes)
                : CheckCompressed(page, segment, rows * layout.RowBytes);
        }

        return segments;
    }

    /// <summary>Names a tile in messages.</summary>
    public string NameOf(TiffPage page, long number) => $"'{name}', page {page.Number} (from 0), {page.Layout!.TileName} {number}";

    private TiffSegment CheckPlain(TiffPage page, TiffSegment segment, long needed)
    {
        if (segment is { Offset: 0, Bytes: 0 })
            return segment;
        if (segment.Bytes >= 0 && segment.Bytes < needed)
        {
            throw new CorruptDataException(
                $"{NameOf(page, segment.Number)} has {segment.Bytes} bytes where its shape has {needed}.");
        }

        return CheckInside(page, segment with { Bytes = needed });
    }

    private TiffSegment CheckCompressed(TiffPage page, TiffSegment segment, long needed)
    {
        if (segment.Bytes == 0)
            return segment;
        long bytesMax = TiffLimits.StoredBytesMax(page.Layout!.TileBytes);
        if (segment.Bytes > bytesMax)
        {
            throw new CorruptDataException(
                $"{NameOf(page, segment.Number)} claims {segment.Bytes} bytes, more than the {bytesMax} that its shape can take.");
        }

        // Before anything of the size that is claimed is held.
        long decodedMax = segment.Bytes * TiffLimits.ExpansionMax(page.Layout.Compression);
        if (segment.Bytes > 0 && decodedMax < needed)
        {
            throw new CorruptDataException(
                $"{NameOf(page, segment.Number)} has {segment.Bytes} bytes, which cannot become the {needed} of its shape.");
        }

        return CheckInside(page, segment);
    }

    private TiffSegment CheckInside(TiffPage page, TiffSegment segment) =>
        segment.Offset >= 0 && segment.Offset <= source.Length - segment.Bytes
            ? segment
            : throw new CorruptDataException(
                $"{NameOf(page, segment.Number)} has {segment.Bytes} bytes from byte {segment.Offset} on, and the file has "
                + $"{source.Length}.");
}
