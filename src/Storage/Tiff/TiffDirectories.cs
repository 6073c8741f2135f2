using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Upweave.Storage.Arrays;

namespace Upweave.Storage.Tiff;

/// <summary>
/// Reads the chain of directories of a TIFF 6.0 or a BigTIFF (awaresystems.be/imaging/tiff/bigtiff.html): a header with the order of
/// bytes and the place of the first, and at the end of each the place of the next. Nothing is allocated by a count that the file's
/// length does not bear out.
/// </summary>
internal sealed class TiffDirectories
{
    /// <summary>Pages of one file.</summary>
    public const int PagesMax = 1 << 17;

    private const int FieldsMax = 4096;

    /// <summary>Of all pages: directories may overlap, so that a small file could have many long ones.</summary>
    private const int AllFieldsMax = 1 << 22;

    private readonly IByteSource source;
    private readonly string name;
    private readonly bool isBig;
    private long fieldsRead;

    private TiffDirectories(IByteSource source, string name, bool bigEndian, bool isBig, long first)
    {
        this.source = source;
        this.name = name;
        this.isBig = isBig;
        BigEndian = bigEndian;
        First = first;
    }

    public bool BigEndian { get; }

    private long First { get; }

    /// <summary>Reads the header.</summary>
    /// <exception cref="InvalidArrayException">It is none of a TIFF.</exception>
    public static async ValueTask<TiffDirectories> OpenAsync(IByteSource source, string name, CancellationToken cancellationToken)
    {
        byte[] start = new byte[Math.Min(16, source.Length)];
        await source.ReadAsync(0, start, cancellationToken);
        bool bigEndian = start.AsSpan().StartsWith("MM"u8);
        bool isBig = start.Length >= 4 && start[bigEndian ? 3 : 2] == 43;
        if (start.Length < (isBig ? 16 : 8))
            throw new InvalidArrayException($"'{name}' is a TIFF of {source.Length} bytes, which is too short for its header.");
        TiffDirectories directories = new(source, name, bigEndian, isBig, 0);
        if (isBig && (directories.Number(start, 4, 2) != 8 || directories.Number(start, 6, 2) != 0))
            throw directories.Malformed("a BigTIFF whose offsets do not have 8 bytes");
        return new TiffDirectories(source, name, bigEndian, isBig, directories.Number(start, isBig ? 8 : 4, isBig ? 8 : 4));
    }

    /// <summary>The directories in order.</summary>
    /// <exception cref="InvalidArrayException">One lies outside of the file, the chain is a circle, or longer than is read.</exception>
    public async IAsyncEnumerable<TiffDirectory> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        HashSet<long> seen = [];
        for (long offset = First; offset != 0;)
        {
            if (!seen.Add(offset))
                throw Malformed($"its pages go round in a circle at byte {offset}");
            if (seen.Count > PagesMax)
                throw Malformed($"it has more than {PagesMax} pages");
            (TiffDirectory directory, offset) = await ReadAsync(offset, seen.Count - 1, cancellationToken);
            yield return directory;
        }

        if (seen.Count == 0)
            throw Malformed("it has no page");
    }

    /// <summary>Where one of the directories lies that belong to a page.</summary>
    /// <param name="index">Below the number of <see cref="TiffPage.Subdirectories"/>.</param>
    /// <exception cref="InvalidArrayException">That is no place.</exception>
    public async ValueTask<long> FindSubdirectoryAsync(TiffPage page, int index, CancellationToken cancellationToken)
    {
        byte[] places = await page.Subdirectories.ReadAsync(source, index + 1, cancellationToken);
        return page.Subdirectories.Integer(places, BigEndian, index)
            ?? throw Malformed($"the SubIFDs of page {page.Number} (from 0) are no places in it");
    }

    /// <summary>Reads a directory that belongs to a page; what it has for a next one is not followed.</summary>
    /// <param name="offset">Where it lies.</param>
    /// <returns>With the number of its page.</returns>
    /// <exception cref="InvalidArrayException">It lies outside of the file, or is malformed.</exception>
    public async ValueTask<TiffDirectory> ReadSubdirectoryAsync(TiffPage page, long offset, CancellationToken cancellationToken) =>
        (await ReadAsync(offset, page.Number, cancellationToken)).Directory;

    private async ValueTask<(TiffDirectory Directory, long Next)> ReadAsync(
        long offset, int page, CancellationToken cancellationToken)
    {
        int countBytes = isBig ? 8 : 2, fieldBytes = isBig ? 20 : 12, nextBytes = isBig ? 8 : 4;
        byte[] head = new byte[countBytes];
        await ReadRangeAsync(offset, head, page, cancellationToken);
        long count = Number(head, 0, countBytes);
        if (count is < 1 or > FieldsMax)
            throw Malformed($"page {page} (from 0) claims {count} fields; at most {FieldsMax} are read");
        byte[] body = new byte[(count * fieldBytes) + nextBytes];
        // The last page's end is missing in some files; it has no next then.
        int missing = (int)Math.Clamp(offset + countBytes + body.Length - source.Length, 0, nextBytes);
        await ReadRangeAsync(offset + countBytes, body.AsMemory(0, body.Length - missing), page, cancellationToken);
        Dictionary<ushort, TiffField> fields = [];
        for (int index = 0; index < count; index++)
        {
            Add(fields, body.AsSpan(index * fieldBytes, fieldBytes), offset + countBytes + (index * fieldBytes));
        }

        fieldsRead += fields.Count;
        if (fieldsRead > AllFieldsMax)
            throw Malformed($"its pages have more than {AllFieldsMax} fields");
        TiffDirectory directory = new(source, BigEndian, page, name, fields);
        return (directory, missing > 0 ? 0 : Number(body, body.Length - nextBytes, nextBytes));
    }

    /// <summary>Fields of unknown types, and such as lie outside of the file, are as good as absent: most are of no interest.</summary>
    private void Add(Dictionary<ushort, TiffField> fields, ReadOnlySpan<byte> entry, long place)
    {
        int width = isBig ? 8 : 4;
        ushort tag = (ushort)Number(entry, 0, 2), type = (ushort)Number(entry, 2, 2);
        ulong count = (ulong)Number(entry, 4, width);
        int valueBytes = TiffField.SizeOf(type);
        if (valueBytes == 0 || count == 0 || count > (ulong)(source.Length / valueBytes))
            return;
        long bytes = (long)count * valueBytes;
        long offset = bytes <= width ? place + 4 + width : Number(entry, 4 + width, width);
        if (offset >= 0 && offset <= source.Length - bytes)
            fields.TryAdd(tag, new TiffField(type, (long)count, offset));
    }

    private async ValueTask ReadRangeAsync(long offset, Memory<byte> bytes, int page, CancellationToken cancellationToken)
    {
        if (offset < 8 || offset > source.Length - bytes.Length)
            throw Malformed($"page {page} (from 0) is at byte {offset}, and the file has {source.Length} bytes");
        await source.ReadAsync(offset, bytes, cancellationToken);
    }

    private long Number(ReadOnlySpan<byte> bytes, int at, int width) => (width, BigEndian) switch
    {
        (2, false) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]),
        (2, true) => BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]),
        (4, false) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]),
        (4, true) => BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]),
        (_, false) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]),
        _ => BinaryPrimitives.ReadInt64BigEndian(bytes[at..]),
    };

    private InvalidArrayException Malformed(string why) =>
        new($"'{name}' is a malformed TIFF: {why}.", "write or copy the file again");
}
