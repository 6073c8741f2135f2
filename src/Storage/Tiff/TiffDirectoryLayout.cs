using System.Buffers.Binary;

namespace Upweave.Storage.Tiff;

/// <summary>Lays out and writes directories, of 32-bit offsets or of 64-bit ones (BigTIFF).</summary>
internal readonly record struct TiffDirectoryLayout(bool IsBig)
{
    /// <summary>Directories and values begin at multiples of it.</summary>
    public const int Alignment = 8;

    private int OffsetBytes => IsBig ? 8 : 4;

    private int CountBytes => IsBig ? 8 : 2;

    private int EntryBytes => IsBig ? 20 : 12;

    /// <summary>Bytes of a directory and its values; a multiple of <see cref="Alignment"/>.</summary>
    public long Length(IReadOnlyList<TiffEntry> fields)
    {
        long length = Aligned(CountBytes + (fields.Count * EntryBytes) + OffsetBytes);
        foreach (TiffEntry field in fields)
        {
            if (field.Value.Length > OffsetBytes)
                length += Aligned(field.Value.Length);
        }

        return length;
    }

    /// <summary>Writes a directory and its values.</summary>
    /// <param name="destination">Exactly <see cref="Length"/> bytes.</param>
    /// <param name="start">Where they lie in the file.</param>
    /// <param name="next">Where the next directory lies; 0 for the last one.</param>
    /// <param name="fields">Ascending by tag.</param>
    public void Write(Span<byte> destination, long start, long next, IReadOnlyList<TiffEntry> fields)
    {
        destination.Clear();
        Put(destination, CountBytes, fields.Count);
        int entry = CountBytes;
        int values = (int)Aligned(CountBytes + (fields.Count * EntryBytes) + OffsetBytes);
        foreach (TiffEntry field in fields)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(destination[entry..], field.Tag);
            BinaryPrimitives.WriteUInt16LittleEndian(destination[(entry + 2)..], field.Type);
            Put(destination[(entry + 4)..], OffsetBytes, field.Count);
            Span<byte> place = destination[(entry + 4 + OffsetBytes)..];
            if (field.Value.Length <= OffsetBytes)
            {
                field.Value.Span.CopyTo(place);
            }
            else
            {
                Put(place, OffsetBytes, start + values);
                field.Value.Span.CopyTo(destination[values..]);
                values += (int)Aligned(field.Value.Length);
            }

            entry += EntryBytes;
        }

        Put(destination[entry..], OffsetBytes, next);
    }

    /// <summary>The head of a file, with zeros at its end.</summary>
    public byte[] Header(int length, long firstDirectory)
    {
        byte[] header = new byte[length];
        header[0] = header[1] = (byte)'I';
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(2), (ushort)(IsBig ? 43 : 42));
        if (IsBig)
            BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(4), 8);
        Put(header.AsSpan(IsBig ? 8 : 4), OffsetBytes, firstDirectory);
        return header;
    }

    private static long Aligned(long length) => (length + Alignment - 1) / Alignment * Alignment;

    private static void Put(Span<byte> destination, int bytes, long value)
    {
        Span<byte> whole = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(whole, value);
        whole[..bytes].CopyTo(destination);
    }
}
