using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Upweave.Storage.Elements;

namespace Upweave.Storage.Arrays;

/// <summary>
/// Converts elements of any type to float32 and back, a run at a time, so that whoever puts rows into a box converts them on
/// the way. What float32 cannot hold is rounded to the nearest, ties to even: integers of 32 and 64 bits beyond 2^24, and
/// float64. Bool reads as 0 or 1. Source and destination do not overlap.
/// </summary>
public static class ElementConverter
{
    /// <summary>Big-endian elements that are turned at a time, in bytes: they stay in the first cache.</summary>
    private const int TurnedBytes = 2048;

    /// <summary>Little-endian elements to float32.</summary>
    /// <param name="source">As many elements as <paramref name="destination"/> has.</param>
    public static void ToFloat32(ElementType type, ReadOnlySpan<byte> source, Span<float> destination)
    {
        CheckLength(type, source.Length, destination.Length);
        if (!Read(type, source, destination, ElementVectors.Bits))
            ElementScalars.Read(type, source, destination);
    }

    /// <summary>Elements in either byte order to float32.</summary>
    /// <param name="source">As many elements as <paramref name="destination"/> has.</param>
    public static void ToFloat32(ElementType type, bool bigEndian, ReadOnlySpan<byte> source, Span<float> destination)
    {
        int size = type.Size();
        if (!bigEndian || size == 1)
        {
            ToFloat32(type, source, destination);
            return;
        }

        CheckLength(type, source.Length, destination.Length);
        if (type == ElementType.Float32)
        {
            BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, uint>(source), MemoryMarshal.Cast<float, uint>(destination));
            return;
        }

        Span<byte> turned = stackalloc byte[TurnedBytes];
        int most = TurnedBytes / size;
        for (int start = 0; start < destination.Length; start += most)
        {
            int count = Math.Min(most, destination.Length - start);
            ByteOrder.Reverse(source.Slice(start * size, count * size), turned[..(count * size)], size);
            ToFloat32(type, turned[..(count * size)], destination.Slice(start, count));
        }
    }

    /// <summary>
    /// Float32 to little-endian elements. To integers: rounded to the nearest, ties to even, then saturated; NaN gives 0. To
    /// bool: not zero (NaN is true). To float16: rounded to the nearest, ties to even. Float32 keeps every bit.
    /// </summary>
    /// <param name="destination">As many elements as <paramref name="source"/> has.</param>
    public static void FromFloat32(ReadOnlySpan<float> source, ElementType type, Span<byte> destination)
    {
        CheckLength(type, destination.Length, source.Length);
        if (!Write(source, type, destination, ElementVectors.Bits))
            ElementScalars.Write(source, type, destination);
    }

    /// <summary>In vectors of at most so many bits; false if there are none for the type, or the run is too short.</summary>
    internal static bool Read(ElementType type, ReadOnlySpan<byte> source, Span<float> destination, int bits) => type switch
    {
        ElementType.UInt8 => ElementVectors.Read<UInt8Format>(source, destination, bits),
        ElementType.Int8 => ElementVectors.Read<Int8Format>(source, destination, bits),
        ElementType.UInt16 => ElementVectors.Read<UInt16Format>(source, destination, bits),
        ElementType.Int16 => ElementVectors.Read<Int16Format>(source, destination, bits),
        ElementType.Int32 => ElementVectors.Read<Int32Format>(source, destination, bits),
        ElementType.Float16 => ElementVectors.Read<Float16Format>(source, destination, bits),
        ElementType.Float64 => ElementVectors.Read<Float64Format>(source, destination, bits),
        _ => false,
    };

    /// <summary>In vectors of at most so many bits; false if there are none for the type, or the run is too short.</summary>
    internal static bool Write(ReadOnlySpan<float> source, ElementType type, Span<byte> destination, int bits) => type switch
    {
        ElementType.UInt8 => ElementVectors.Write<UInt8Format>(source, destination, bits),
        ElementType.Int8 => ElementVectors.Write<Int8Format>(source, destination, bits),
        ElementType.UInt16 => ElementVectors.Write<UInt16Format>(source, destination, bits),
        ElementType.Int16 => ElementVectors.Write<Int16Format>(source, destination, bits),
        ElementType.Int32 => ElementVectors.Write<Int32Format>(source, destination, bits),
        ElementType.Float16 => ElementVectors.Write<Float16Format>(source, destination, bits),
        ElementType.Float64 => ElementVectors.Write<Float64Format>(source, destination, bits),
        _ => false,
    };

    private static void CheckLength(ElementType type, int bytes, int elements)
    {
        if (bytes != (long)elements * type.Size())
            throw new ArgumentException($"{bytes} bytes do not hold {elements} elements of {type.Name()}.", nameof(bytes));
    }
}
