namespace Upweave.Storage.Tiff;

/// <summary>PackBits as in TIFF 6.0, section 9: runs of bytes as they are, and of one byte.</summary>
internal static class TiffPackBits
{
    /// <returns>Bytes written; -1 when there are more than fit.</returns>
    public static int Decode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        int written = 0;
        for (int at = 0; at + 1 < source.Length;)
        {
            int head = (sbyte)source[at++];
            if (head == sbyte.MinValue)
                continue;
            int length = head >= 0 ? head + 1 : 1 - head;
            if (length > destination.Length - written)
                return -1;
            Span<byte> run = destination.Slice(written, length);
            if (head < 0)
            {
                run.Fill(source[at++]);
            }
            else
            {
                int present = Math.Min(length, source.Length - at);
                source.Slice(at, present).CopyTo(run);
                if (present < length)
                    return written + present;
                at += length;
            }

            written += length;
        }

        return written;
    }
}
