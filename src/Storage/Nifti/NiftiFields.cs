using static System.Buffers.Binary.BinaryPrimitives;

namespace Upweave.Storage.Nifti;

/// <summary>The fields of a header in memory, to be read or set.</summary>
/// <param name="bytes">The whole header of its version.</param>
/// <param name="version">1 or 2.</param>
internal sealed class NiftiFields(byte[] bytes, int version, bool bigEndian)
{
    public const int Length1 = 348;
    public const int Length2 = 540;

    public int Version => version;

    public bool BigEndian => bigEndian;

    /// <summary>A whole number; -1 for what is none.</summary>
    public long Integer(NiftiField field, int index = 0)
    {
        if (Kind(field) == NiftiKind.Int64)
            return bigEndian ? ReadInt64BigEndian(At(field, index)) : ReadInt64LittleEndian(At(field, index));
        double real = Real(field, index);
        return real == Math.Floor(real) && Math.Abs(real) < 1L << 53 ? (long)real : -1;
    }

    /// <summary>A number, exact unless it is an integer above 2^53.</summary>
    public double Real(NiftiField field, int index = 0)
    {
        ReadOnlySpan<byte> at = At(field, index);
        return Kind(field) switch
        {
            NiftiKind.UInt8 => at[0],
            NiftiKind.Int16 => bigEndian ? ReadInt16BigEndian(at) : ReadInt16LittleEndian(at),
            NiftiKind.Int32 => bigEndian ? ReadInt32BigEndian(at) : ReadInt32LittleEndian(at),
            NiftiKind.Int64 => bigEndian ? ReadInt64BigEndian(at) : ReadInt64LittleEndian(at),
            NiftiKind.Float32 => bigEndian ? ReadSingleBigEndian(at) : ReadSingleLittleEndian(at),
            _ => bigEndian ? ReadDoubleBigEndian(at) : ReadDoubleLittleEndian(at),
        };
    }

    /// <summary>Sets a whole number of a little-endian header.</summary>
    public void Set(NiftiField field, long value, int index = 0)
    {
        Span<byte> at = At(field, index);
        switch (Kind(field))
        {
            case NiftiKind.UInt8: at[0] = checked((byte)value); break;
            case NiftiKind.Int16: WriteInt16LittleEndian(at, checked((short)value)); break;
            case NiftiKind.Int32: WriteInt32LittleEndian(at, checked((int)value)); break;
            case NiftiKind.Int64: WriteInt64LittleEndian(at, value); break;
            default: SetReal(field, value, index); break;
        }
    }

    /// <summary>Sets a real number of a little-endian header, rounded to what the field holds.</summary>
    public void SetReal(NiftiField field, double value, int index = 0)
    {
        if (Kind(field) == NiftiKind.Float32)
            WriteSingleLittleEndian(At(field, index), (float)value);
        else
            WriteDoubleLittleEndian(At(field, index), value);
    }

    private NiftiKind Kind(NiftiField field) => version == 1 ? field.Kind1 : field.Kind2;

    private Span<byte> At(NiftiField field, int index)
    {
        int size = Kind(field) switch
        {
            NiftiKind.UInt8 => 1,
            NiftiKind.Int16 => 2,
            NiftiKind.Int32 or NiftiKind.Float32 => 4,
            _ => 8,
        };
        return bytes.AsSpan((version == 1 ? field.At1 : field.At2) + (index * size), size);
    }
}
