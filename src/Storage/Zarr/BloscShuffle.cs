using System.Buffers.Binary;

namespace Upweave.Storage.Zarr;

/// <summary>Puts the bytes or the bits of a block's elements together again. Less than an element at the end stays as it is.</summary>
internal static class BloscShuffle
{
    /// <summary>Stored are all first bytes, then all second ones, and so on.</summary>
    /// <param name="target">As long as the source.</param>
    public static void UnshuffleBytes(ReadOnlySpan<byte> source, Span<byte> target, int typeBytes)
    {
        int count = source.Length / typeBytes;
        int whole = count * typeBytes;
        source[whole..].CopyTo(target[whole..]);
        switch (typeBytes)
        {
            case 2:
                UnshufflePairs(source[..count], source.Slice(count, count), target);
                break;
            case 4:
                UnshuffleQuads(source[..whole], target, count);
                break;
            default:
                for (int part = 0; part < typeBytes; part++)
                {
                    ReadOnlySpan<byte> from = source.Slice(part * count, count);
                    for (int index = 0; index < from.Length; index++)
                    {
                        target[(index * typeBytes) + part] = from[index];
                    }
                }

                break;
        }
    }

    /// <summary>
    /// Stored are bit 0 of the first bytes of all elements, eight in a byte, the first lowest; then bit 1 of them, and so on. Only whole
    /// eights of elements are shuffled: a block with others is not.
    /// </summary>
    /// <param name="target">As long as the source.</param>
    public static void UnshuffleBits(ReadOnlySpan<byte> source, Span<byte> target, int typeBytes)
    {
        int count = source.Length / typeBytes;
        int shuffled = count % 8 == 0 ? count * typeBytes : 0;
        source[shuffled..].CopyTo(target[shuffled..]);
        int rowBytes = shuffled / typeBytes / 8;
        for (int part = 0; part < typeBytes; part++)
        {
            ReadOnlySpan<byte> rows = source.Slice(part * 8 * rowBytes, 8 * rowBytes);
            for (int eight = 0; eight < rowBytes; eight++)
            {
                ulong bits = 0;
                for (int row = 7; row >= 0; row--)
                {
                    bits = (bits << 8) | rows[(row * rowBytes) + eight];
                }

                bits = Transpose(bits);
                for (int to = (eight * 8 * typeBytes) + part; to < (eight + 1) * 8 * typeBytes; to += typeBytes)
                {
                    target[to] = (byte)bits;
                    bits >>= 8;
                }
            }
        }
    }

    private static void UnshufflePairs(ReadOnlySpan<byte> low, ReadOnlySpan<byte> high, Span<byte> target)
    {
        for (int index = 0; index < low.Length && index < high.Length; index++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(target[(2 * index)..], (ushort)(low[index] | (high[index] << 8)));
        }
    }

    private static void UnshuffleQuads(ReadOnlySpan<byte> source, Span<byte> target, int count)
    {
        ReadOnlySpan<byte> first = source[..count];
        ReadOnlySpan<byte> second = source.Slice(count, count);
        ReadOnlySpan<byte> third = source.Slice(2 * count, count);
        ReadOnlySpan<byte> fourth = source.Slice(3 * count, count);
        for (int index = 0; index < count; index++)
        {
            uint element = first[index] | ((uint)second[index] << 8) | ((uint)third[index] << 16) | ((uint)fourth[index] << 24);
            BinaryPrimitives.WriteUInt32LittleEndian(target[(4 * index)..], element);
        }
    }

    /// <summary>Bit c of byte r becomes bit r of byte c: squares of 1, 2 and 4 bits change places across the diagonal.</summary>
    private static ulong Transpose(ulong bits)
    {
        bits = Exchange(bits, 7, 0x00AA00AA00AA00AA);
        bits = Exchange(bits, 14, 0x0000CCCC0000CCCC);
        return Exchange(bits, 28, 0x00000000F0F0F0F0);
    }

    private static ulong Exchange(ulong bits, int distance, ulong mask)
    {
        ulong changed = (bits ^ (bits >> distance)) & mask;
        return bits ^ changed ^ (changed << distance);
    }
}
