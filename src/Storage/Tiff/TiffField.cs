using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Upweave.Storage.Tiff;

/// <summary>One entry of a directory (TIFF 6.0, section 2), as it is in a little-endian file.</summary>
/// <param name="Type">TIFF's number of the values' type.</param>
/// <param name="Count">Number of values.</param>
/// <param name="Value">All of them.</param>
internal readonly record struct TiffField(ushort Tag, ushort Type, long Count, ReadOnlyMemory<byte> Value)
{
    private const ushort AsciiType = 2;
    private const ushort ShortType = 3;
    private const ushort LongType = 4;
    private const ushort RationalType = 5;
    private const ushort DoubleType = 12;
    private const ushort Long8Type = 16;

    public static TiffField Shorts(ushort tag, params IReadOnlyList<ushort> values) =>
        new(tag, ShortType, values.Count, Bytes<ushort>([.. values]));

    public static TiffField Long(ushort tag, uint value) => Longs(tag, [value]);

    public static TiffField Longs(ushort tag, ReadOnlySpan<uint> values) => new(tag, LongType, values.Length, Bytes(values));

    public static TiffField Long8s(ushort tag, ReadOnlySpan<ulong> values) => new(tag, Long8Type, values.Length, Bytes(values));

    public static TiffField Doubles(ushort tag, params IReadOnlyList<double> values) =>
        new(tag, DoubleType, values.Count, Bytes<double>([.. values]));

    /// <summary>A positive number as a fraction of thousandths, or of less where it is large.</summary>
    public static TiffField Rational(ushort tag, double value)
    {
        uint denominator = 1000;
        while (denominator > 1 && value * denominator > uint.MaxValue)
        {
            denominator /= 10;
        }

        uint numerator = (uint)Math.Clamp(Math.Round(value * denominator), 1, uint.MaxValue);
        return new(tag, RationalType, 1, Bytes<uint>([numerator, denominator]));
    }

    /// <summary>A text, with the zero at its end; what ASCII has not becomes a question mark.</summary>
    public static TiffField Ascii(ushort tag, string text) => new(tag, AsciiType, text.Length + 1, Encoding.ASCII.GetBytes(text + '\0'));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Tag}: {Count} values of type {Type}");

    private static byte[] Bytes<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        byte[] bytes = MemoryMarshal.AsBytes(values).ToArray();
        return BitConverter.IsLittleEndian ? bytes : throw new PlatformNotSupportedException("TIFF is written by little-endian machines.");
    }
}

/// <summary>Lays out and writes directories, of 32-bit offsets or of 64-bit ones (BigTIFF).</summary>
internal readonly record struct TiffDirectory(bool IsBig)
{
    /// <summary>Directories and values begin at multiples of it.</summary>
    public const int Alignment = 8;

    private int OffsetBytes => IsBig ? 8 : 4;

    private int CountBytes => IsBig ? 8 : 2;

    private int EntryBytes => IsBig ? 20 : 12;

    /// <summary>Bytes of a directory and its values; a multiple of <see cref="Alignment"/>.</summary>
    public long Length(IReadOnlyList<TiffField> fields)
    {
        long length = Aligned(CountBytes + (fields.Count * EntryBytes) + OffsetBytes);
        foreach (TiffField field in fields)
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
    public void Write(Span<byte> destination, long start, long next, IReadOnlyList<TiffField> fields)
    {
        destination.Clear();
        Put(destination, CountBytes, fields.Count);
        int entry = CountBytes;
        int values = (int)Aligned(CountBytes + (fields.Count * EntryBytes) + OffsetBytes);
        foreach (TiffField field in fields)
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
