using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Upweave.Storage.Tiff;

/// <summary>One entry of a directory (TIFF 6.0, section 2), as it is in a little-endian file.</summary>
/// <param name="Type">TIFF's number of the values' type.</param>
/// <param name="Count">Number of values.</param>
/// <param name="Value">All of them.</param>
internal readonly record struct TiffEntry(ushort Tag, ushort Type, long Count, ReadOnlyMemory<byte> Value)
{
    private const ushort AsciiType = 2;
    private const ushort ShortType = 3;
    private const ushort LongType = 4;
    private const ushort RationalType = 5;
    private const ushort DoubleType = 12;
    private const ushort Long8Type = 16;

    public static TiffEntry Shorts(ushort tag, params IReadOnlyList<ushort> values) =>
        new(tag, ShortType, values.Count, Bytes<ushort>([.. values]));

    public static TiffEntry Long(ushort tag, uint value) => Longs(tag, [value]);

    public static TiffEntry Longs(ushort tag, ReadOnlySpan<uint> values) => new(tag, LongType, values.Length, Bytes(values));

    public static TiffEntry Long8s(ushort tag, ReadOnlySpan<ulong> values) => new(tag, Long8Type, values.Length, Bytes(values));

    public static TiffEntry Doubles(ushort tag, params IReadOnlyList<double> values) =>
        new(tag, DoubleType, values.Count, Bytes<double>([.. values]));

    /// <summary>A positive number as a fraction of thousandths, or of less where it is large.</summary>
    public static TiffEntry Rational(ushort tag, double value)
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
    public static TiffEntry Ascii(ushort tag, string text) => new(tag, AsciiType, text.Length + 1, Encoding.ASCII.GetBytes(text + '\0'));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Tag}: {Count} values of type {Type}");

    private static byte[] Bytes<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        byte[] bytes = MemoryMarshal.AsBytes(values).ToArray();
        return BitConverter.IsLittleEndian ? bytes : throw new PlatformNotSupportedException("TIFF is written by little-endian machines.");
    }
}
