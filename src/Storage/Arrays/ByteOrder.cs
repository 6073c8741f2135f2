using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Upweave.Storage.Arrays;

/// <summary>Turns big-endian elements into little-endian ones and back.</summary>
internal static class ByteOrder
{
    public static void Reverse(Span<byte> elements, int elementBytes) => Reverse(elements, elements, elementBytes);

    /// <param name="destination">As long as the source, which it may be.</param>
    public static void Reverse(ReadOnlySpan<byte> source, Span<byte> destination, int elementBytes)
    {
        switch (elementBytes)
        {
            case 2:
                BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, ushort>(source), MemoryMarshal.Cast<byte, ushort>(destination));
                break;
            case 4:
                BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, uint>(source), MemoryMarshal.Cast<byte, uint>(destination));
                break;
            case 8:
                BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, ulong>(source), MemoryMarshal.Cast<byte, ulong>(destination));
                break;
            default:
                source.CopyTo(destination);
                break;
        }
    }
}
