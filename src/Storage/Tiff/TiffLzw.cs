using System.Buffers.Binary;

namespace Upweave.Storage.Tiff;

/// <summary>
/// LZW as in TIFF 6.0, section 13: codes of 9 to 12 bits, highest bit first, a clear code first, and a width that grows one code
/// early.
/// </summary>
internal static class TiffLzw
{
    private const int Clear = 256, End = 257, FirstFree = 258, CodesMax = 4096, WidthMin = 9, WidthMax = 12;

    /// <returns>Bytes written; -1 when there are more than fit.</returns>
    /// <exception cref="InvalidDataException">The codes are not valid.</exception>
    public static int Decode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        // The string of a code is the string before it and one byte more, which lie together in what has been decoded: the table
        // holds where.
        Span<int> starts = stackalloc int[CodesMax];
        Span<int> lengths = stackalloc int[CodesMax];
        int written = 0, free = FirstFree, width = WidthMin, lastStart = -1, lastLength = 0;
        bool isCleared = false;
        long bit = 0;
        while (bit + width <= 8L * source.Length)
        {
            int code = CodeAt(source, bit, width);
            bit += width;
            if (code == End)
                break;
            if (code == Clear)
            {
                isCleared = true;
                (free, width, lastStart) = (FirstFree, WidthMin, -1);
                continue;
            }

            if (!isCleared)
                throw new InvalidDataException("the first LZW code is not the clear code");
            int start = written;
            int length = code < Clear ? 1 : LengthOf(code, free, lengths, lastStart, lastLength);
            if (length > destination.Length - written)
                return -1;
            if (code < Clear)
                destination[written] = (byte)code;
            else
                Repeat(destination, code < free ? starts[code] : lastStart, written, length);
            written += length;
            if (lastStart >= 0 && free < CodesMax)
            {
                starts[free] = lastStart;
                lengths[free++] = lastLength + 1;
            }

            (lastStart, lastLength) = (start, length);
            if (free >= (1 << width) - 1 && width < WidthMax)
                width++;
        }

        return written;
    }

    /// <exception cref="InvalidDataException">There is no such code yet.</exception>
    private static int LengthOf(int code, int free, ReadOnlySpan<int> lengths, int lastStart, int lastLength)
    {
        if (code < free)
            return lengths[code];
        return code == free && lastStart >= 0
            ? lastLength + 1
            : throw new InvalidDataException($"LZW code {code} comes before it is defined");
    }

    /// <summary>Byte by byte: the source may reach into the bytes that are written.</summary>
    private static void Repeat(Span<byte> bytes, int from, int to, int length)
    {
        for (int index = 0; index < length; index++)
        {
            bytes[to + index] = bytes[from + index];
        }
    }

    private static int CodeAt(ReadOnlySpan<byte> source, long bit, int width)
    {
        int at = (int)(bit >> 3);
        uint bits;
        if (at + 4 <= source.Length)
        {
            bits = BinaryPrimitives.ReadUInt32BigEndian(source[at..]);
        }
        else
        {
            Span<byte> last = stackalloc byte[4];
            last.Clear();
            source[at..].CopyTo(last);
            bits = BinaryPrimitives.ReadUInt32BigEndian(last);
        }

        return (int)(bits << (int)(bit & 7) >> (32 - width));
    }
}
