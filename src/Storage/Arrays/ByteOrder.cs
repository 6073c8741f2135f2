using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Upweave.Storage.Arrays;

/// <summary>Turns big-endian elements into little-endian ones and back.</summary>
internal static class ByteOrder
{
    public static void Reverse(Span<byte> elements, int elementBytes)
    {
        switch (elementBytes)
        {
            case 2:
                Span<ushort> shorts = MemoryMarshal.Cast<byte, ushort>(elements);
                BinaryPrimitives.ReverseEndianness(shorts, shorts);
                break;
            case 4:
                Span<uint> ints = MemoryMarshal.Cast<byte, uint>(elements);
                BinaryPrimitives.ReverseEndianness(ints, ints);
                break;
            case 8:
                Span<ulong> longs = MemoryMarshal.Cast<byte, ulong>(elements);
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
            default:
                break;
        }
    }
}
