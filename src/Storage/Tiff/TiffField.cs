using System.Buffers.Binary;
using Upweave.Storage.Arrays;

namespace Upweave.Storage.Tiff;

/// <summary>An entry of a directory: where its values lie, which may be in the entry itself.</summary>
/// <param name="Type">TIFF's number of the type.</param>
/// <param name="Count">Values.</param>
/// <param name="Offset">Where the first lies in the file.</param>
internal readonly record struct TiffField(ushort Type, long Count, long Offset)
{
    /// <summary>Bytes of a value; 0 for a type that is not known.</summary>
    public int ValueBytes => SizeOf(Type);

    public static int SizeOf(ushort type) => type switch
    {
        1 or 2 or 6 or 7 => 1, // BYTE, ASCII, SBYTE, UNDEFINED
        3 or 8 => 2, // SHORT, SSHORT
        4 or 9 or 11 or 13 => 4, // LONG, SLONG, FLOAT, IFD
        5 or 10 or 12 or 16 or 17 or 18 => 8, // RATIONAL, SRATIONAL, DOUBLE, LONG8, SLONG8, IFD8
        _ => 0,
    };

    /// <summary>Reads the first values as they are stored.</summary>
    /// <param name="count">At most <see cref="Count"/>.</param>
    public async ValueTask<byte[]> ReadAsync(IByteSource source, long count, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[checked(count * ValueBytes)];
        await source.ReadAsync(Offset, bytes, cancellationToken);
        return bytes;
    }

    /// <summary>A value as an integer; null when its type is none, or the number does not fit.</summary>
    public long? Integer(ReadOnlySpan<byte> bytes, bool bigEndian, int index)
    {
        ReadOnlySpan<byte> value = bytes.Slice(index * ValueBytes, ValueBytes);
        return Type switch
        {
            1 or 7 => value[0],
            6 => (sbyte)value[0],
            3 => bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(value) : BinaryPrimitives.ReadUInt16LittleEndian(value),
            8 => bigEndian ? BinaryPrimitives.ReadInt16BigEndian(value) : BinaryPrimitives.ReadInt16LittleEndian(value),
            4 or 13 => bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(value) : BinaryPrimitives.ReadUInt32LittleEndian(value),
            9 => bigEndian ? BinaryPrimitives.ReadInt32BigEndian(value) : BinaryPrimitives.ReadInt32LittleEndian(value),
            16 or 17 or 18 => Long(value, bigEndian) is var number && number < 0 && Type != 17 ? null : number,
            _ => null,
        };
    }

    /// <summary>A value as a number; NaN when its type is none.</summary>
    public double Number(ReadOnlySpan<byte> bytes, bool bigEndian, int index)
    {
        ReadOnlySpan<byte> value = bytes.Slice(index * ValueBytes, ValueBytes);
        if (Type is 5 or 10)
        {
            TiffField part = new((ushort)(Type == 5 ? 4 : 9), 2, 0);
            return (double)part.Integer(value, bigEndian, 0)! / (double)part.Integer(value, bigEndian, 1)!;
        }

        return Type switch
        {
            11 => bigEndian ? BinaryPrimitives.ReadSingleBigEndian(value) : BinaryPrimitives.ReadSingleLittleEndian(value),
            12 => BitConverter.Int64BitsToDouble(Long(value, bigEndian)),
            _ => Integer(bytes, bigEndian, index) ?? double.NaN,
        };
    }

    private static long Long(ReadOnlySpan<byte> value, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadInt64BigEndian(value) : BinaryPrimitives.ReadInt64LittleEndian(value);
}
