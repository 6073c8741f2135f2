using System.Buffers.Binary;
using Upweave.Tiling;

namespace Upweave.Storage.Tests.Nifti;

/// <summary>Writes NIfTI files as nifti1.h and nifti2.h document them.</summary>
/// <param name="Extents">x, y, z, t and u.</param>
internal sealed record NiftiFile(Dims Extents, ElementType Type)
{
    public int Version { get; init; } = 1;

    public bool BigEndian { get; init; }

    public float Slope { get; init; } = float.NaN;

    public float Intercept { get; init; }

    public string Axes => (Extents[3] > 1 ? "n" : "") + (Extents[4] > 1 ? "c" : "") + "zyx";

    public Dims Shape => Dims.Create([
        .. Extents[3] > 1 ? [Extents[3]] : Array.Empty<long>(), .. Extents[4] > 1 ? [Extents[4]] : Array.Empty<long>(),
        Extents[2], Extents[1], Extents[0]]);

    public byte[] Make(Sample sample)
    {
        byte[] stored = Extents[3] > 1 && Extents[4] > 1 ? Stored(sample) : sample.Bytes;
        return [.. Header(), .. BigEndian ? Sample.Swap(stored, Type.Size()) : stored];
    }

    public byte[] Header() => Version == 1 ? Header1() : Header2();

    private static short Code(ElementType type) => type switch
    {
        ElementType.UInt8 => 2,
        ElementType.Int16 => 4,
        ElementType.Int32 => 8,
        ElementType.Float32 => 16,
        ElementType.Float64 => 64,
        ElementType.Int8 => 256,
        ElementType.UInt16 => 512,
        ElementType.UInt32 => 768,
        ElementType.Int64 => 1024,
        _ => 1280,
    };

    /// <summary>Element by element: x fastest, u slowest.</summary>
    private byte[] Stored(Sample sample)
    {
        List<byte> bytes = [];
        Dims outside = Dims.Create([Extents[4], Extents[3], Extents[2], Extents[1], Extents[0]]);
        for (long index = 0; index < outside.Volume; index++)
        {
            Dims at = Sample.Unravel(index, outside);
            long place = at[1];
            foreach ((long position, long extent) in new[] { (at[0], outside[0]), (at[2], outside[2]), (at[3], outside[3]), (at[4], outside[4]) })
            {
                place = (place * extent) + position;
            }

            bytes.AddRange(sample.Bytes.AsSpan((int)place * Type.Size(), Type.Size()));
        }

        return [.. bytes];
    }

    private byte[] Header1()
    {
        byte[] bytes = new byte[352];
        Int32(bytes, 0, 348);
        Int16(bytes, 40, 5);
        for (int axis = 0; axis < 5; axis++)
        {
            Int16(bytes, 42 + (2 * axis), (short)Extents[axis]);
        }

        Int16(bytes, 70, Code(Type));
        Single(bytes, 108, 352);
        Single(bytes, 112, Slope);
        Single(bytes, 116, Intercept);
        "n+1\0"u8.CopyTo(bytes.AsSpan(344));
        return bytes;
    }

    private byte[] Header2()
    {
        byte[] bytes = new byte[544];
        Int32(bytes, 0, 540);
        "n+2\0\r\n\u001a\n"u8.CopyTo(bytes.AsSpan(4));
        Int16(bytes, 12, Code(Type));
        Int64(bytes, 16, 5);
        for (int axis = 0; axis < 5; axis++)
        {
            Int64(bytes, 24 + (8 * axis), Extents[axis]);
        }

        Int64(bytes, 168, 544);
        Int64(bytes, 176, BitConverter.DoubleToInt64Bits(Slope));
        Int64(bytes, 184, BitConverter.DoubleToInt64Bits(Intercept));
        return bytes;
    }

    private void Int16(byte[] bytes, int at, short value) =>
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(at), BigEndian ? BinaryPrimitives.ReverseEndianness(value) : value);

    private void Int32(byte[] bytes, int at, int value) =>
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), BigEndian ? BinaryPrimitives.ReverseEndianness(value) : value);

    private void Int64(byte[] bytes, int at, long value) =>
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at), BigEndian ? BinaryPrimitives.ReverseEndianness(value) : value);

    private void Single(byte[] bytes, int at, float value) => Int32(bytes, at, BitConverter.SingleToInt32Bits(value));
}
