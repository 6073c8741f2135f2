using System.Text;
using Upweave.Storage.Arrays;

namespace Upweave.Storage.Tiff;

/// <summary>A directory of a TIFF: its fields, whose values are read when they are asked for. For one reader at a time.</summary>
/// <param name="Source">The file, of which all fields' values are parts.</param>
/// <param name="Number">The page's number from 0 in the chain of directories.</param>
/// <param name="Name">Names the file in messages.</param>
internal sealed record TiffDirectory(
    IByteSource Source, bool BigEndian, int Number, string Name, IReadOnlyDictionary<ushort, TiffField> Fields)
{
    /// <summary>The field; null where the directory has none of this tag.</summary>
    public TiffField? Find(TiffTag tag) => Fields.TryGetValue((ushort)tag, out TiffField field) ? field : null;

    /// <summary>The first value.</summary>
    /// <param name="otherwise">Where there is none.</param>
    public async ValueTask<long> IntegerAsync(TiffTag tag, long otherwise, CancellationToken cancellationToken) =>
        await IntegersAsync(tag, 1, cancellationToken) is [long first, ..] ? first : otherwise;

    /// <summary>The first values, at most so many; none where the directory has no such field.</summary>
    /// <exception cref="InvalidArrayException">They are no integers that 63 bits hold.</exception>
    public async ValueTask<long[]> IntegersAsync(TiffTag tag, int countMax, CancellationToken cancellationToken)
    {
        if (Find(tag) is not { } field)
            return [];
        long count = Math.Min(field.Count, countMax);
        byte[] bytes = await field.ReadAsync(Source, count, cancellationToken);
        long[] values = new long[count];
        for (int index = 0; index < values.Length; index++)
        {
            values[index] = field.Integer(bytes, BigEndian, index) ?? throw Malformed($"{tag} is no integer");
        }

        return values;
    }

    /// <summary>The first values, at most so many; none where the directory has no such field.</summary>
    public async ValueTask<double[]> NumbersAsync(TiffTag tag, int countMax, CancellationToken cancellationToken)
    {
        if (Find(tag) is not { } field)
            return [];
        long count = Math.Min(field.Count, countMax);
        byte[] bytes = await field.ReadAsync(Source, count, cancellationToken);
        return [.. Enumerable.Range(0, (int)count).Select(index => field.Number(bytes, BigEndian, index))];
    }

    /// <summary>The bytes of a text or of a blob; null where the directory has no such field.</summary>
    /// <exception cref="InvalidArrayException">There are more than <paramref name="bytesMax"/>.</exception>
    public async ValueTask<byte[]?> BytesAsync(TiffTag tag, long bytesMax, CancellationToken cancellationToken)
    {
        if (Find(tag) is not { ValueBytes: 1 } field)
            return null;
        return field.Count <= bytesMax
            ? await field.ReadAsync(Source, field.Count, cancellationToken)
            : throw Malformed($"{tag} has {field.Count} bytes; at most {bytesMax} are read");
    }

    /// <summary>A text, to its first NUL; null where the directory has no such field.</summary>
    /// <inheritdoc cref="BytesAsync"/>
    public async ValueTask<string?> TextAsync(TiffTag tag, long bytesMax, CancellationToken cancellationToken)
    {
        if (await BytesAsync(tag, bytesMax, cancellationToken) is not { } bytes)
            return null;
        int end = Array.IndexOf(bytes, (byte)0);
        return Encoding.UTF8.GetString(bytes, 0, end < 0 ? bytes.Length : end);
    }

    public InvalidArrayException Malformed(string why) =>
        new($"'{Name}' is a malformed TIFF: in page {Number} (from 0) {why}.", "write or copy the file again");
}
