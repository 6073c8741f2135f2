namespace Upweave.Storage.Zarr;

/// <summary>
/// BloscLZ, a relative of FastLZ: literals and matches. A control byte below 32 is followed by one literal more than it says. Any other
/// is a match: the upper three bits are its length less 2, and 7 there goes on in the following bytes, as long as they are 255; the
/// lower five bits and the byte behind are its distance less 1, and all ones there mean that two bytes more, the higher first, give
/// that less 8191.
/// </summary>
internal static class BloscLz
{
    private const int LiteralsMax = 32;
    private const int FarDistance = 8191;

    /// <returns>Bytes decoded; -1 when the stream is malformed, or does not fit.</returns>
    public static int Decode(ReadOnlySpan<byte> stored, Span<byte> target)
    {
        (int place, int done) = (0, 0);
        while (place < stored.Length)
        {
            // The upper bits of the very first are a mark.
            int control = place == 0 ? stored[place++] & (LiteralsMax - 1) : stored[place++];
            if (control < LiteralsMax)
            {
                int count = control + 1;
                if (count > stored.Length - place || count > target.Length - done)
                    return -1;
                stored.Slice(place, count).CopyTo(target[done..]);
                place += count;
                done += count;
                continue;
            }

            if (!TryReadMatch(stored, control, ref place, out long length, out int distance)
                || length > target.Length - done || distance > done)
            {
                return -1;
            }

            Repeat(target, done, distance, (int)length);
            done += (int)length;
        }

        return done;
    }

    private static bool TryReadMatch(ReadOnlySpan<byte> stored, int control, ref int place, out long length, out int distance)
    {
        (length, distance) = ((control >> 5) + 2, 0);
        bool goesOn = control >> 5 == 7;
        while (goesOn)
        {
            if (place >= stored.Length)
                return false;
            goesOn = stored[place] == 255;
            length += stored[place++];
        }

        if (place >= stored.Length)
            return false;
        int near = ((control & 31) << 8) + stored[place++];
        if (near == FarDistance)
        {
            if (stored.Length - place < 2)
                return false;
            near += (stored[place] << 8) + stored[place + 1];
            place += 2;
        }

        distance = near + 1;
        return true;
    }

    /// <summary>Copies from what is decoded; where the match reaches into itself, its beginning repeats.</summary>
    private static void Repeat(Span<byte> target, int start, int distance, int length)
    {
        for (int done = 0; done < length;)
        {
            int count = Math.Min(length - done, distance + done);
            target.Slice(start - distance, count).CopyTo(target[(start + done)..]);
            done += count;
        }
    }
}
