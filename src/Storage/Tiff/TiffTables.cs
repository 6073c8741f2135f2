using Upweave.Storage.Arrays;

namespace Upweave.Storage.Tiff;

/// <summary>Where the tiles of a page lie in the file, and how many bytes each has; -1 where the file does not say.</summary>
internal sealed record TiffTable(long[] Offsets, long[] Counts);

/// <summary>The tables of a file's pages, each read when the page is first wanted. Safe for concurrent use.</summary>
internal sealed class TiffTables(IByteSource source, bool bigEndian, string name)
{
    /// <summary>All are kept: <see cref="Bytes"/> is counted.</summary>
    private readonly ChunkCache<TiffTable> tables = new(long.MaxValue, _ => 0);

    /// <summary>What all tables take in memory, and one more while it is read.</summary>
    public static long Bytes(long pages, long tiles) => checked((224 * pages) + (24 * tiles));

    public async ValueTask<TiffTable> GetAsync(TiffPage page, CancellationToken cancellationToken) =>
        (await tables.GetAsync(page.Number, given => LoadAsync(page, given), cancellationToken))!;

    private async Task<TiffTable?> LoadAsync(TiffPage page, CancellationToken cancellationToken)
    {
        long count = page.Layout!.TileCount;
        return new TiffTable(
            await ReadAsync(page, page.Offsets, count, cancellationToken),
            page.Counts is { } counts ? await ReadAsync(page, counts, count, cancellationToken) : [.. Enumerable.Repeat(-1L, (int)count)]);
    }

    private async ValueTask<long[]> ReadAsync(TiffPage page, TiffField field, long count, CancellationToken cancellationToken)
    {
        byte[] bytes = await field.ReadAsync(source, count, cancellationToken);
        long[] values = new long[count];
        for (int index = 0; index < values.Length; index++)
        {
            values[index] = field.Integer(bytes, bigEndian, index) is >= 0 and { } value
                ? value
                : throw new CorruptDataException(
                    $"'{name}', page {page.Number}, {page.Layout!.TileName} {index}: its place or size in the file is no number of bytes.");
        }

        return values;
    }
}
