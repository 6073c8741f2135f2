using System.Numerics;

namespace Upweave.Storage.Arrays;

/// <summary>A set of tile numbers, one bit each. Not safe for concurrent use.</summary>
public sealed class TileSet
{
    private readonly ulong[] words;

    /// <param name="size">Tiles in the grid; at most 2^33, i.e. 1 GiB of bits, so that they fit one byte array.</param>
    public TileSet(long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, 1L << 33);
        Size = size;
        words = new ulong[(size + 63) / 64];
    }

    /// <summary>Tiles in the grid.</summary>
    public long Size { get; }

    /// <summary>Tiles in the set.</summary>
    public long Count { get; private set; }

    public bool Contains(long tile)
    {
        Check(tile);
        return (words[tile / 64] >> (int)(tile % 64) & 1) != 0;
    }

    /// <summary>Adds a tile.</summary>
    /// <returns>False when it was in the set already.</returns>
    public bool Add(long tile)
    {
        if (Contains(tile))
            return false;
        words[tile / 64] |= 1UL << (int)(tile % 64);
        Count++;
        return true;
    }

    /// <summary>Removes a tile.</summary>
    public void Remove(long tile)
    {
        if (!Contains(tile))
            return;
        words[tile / 64] &= ~(1UL << (int)(tile % 64));
        Count--;
    }

    /// <summary>The first tile from <paramref name="start"/> on that is not in the set; -1 when there is none.</summary>
    public long NextMissing(long start)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        for (long tile = start; tile < Size; tile = (tile / 64 * 64) + 64)
        {
            ulong missing = ~words[tile / 64] >> (int)(tile % 64);
            if (missing != 0)
            {
                long found = tile + BitOperations.TrailingZeroCount(missing);
                return found < Size ? found : -1;
            }
        }

        return -1;
    }

    /// <summary>The bits as bytes, tile 0 in the lowest bit of the first.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[words.Length * sizeof(ulong)];
        for (int word = 0; word < words.Length; word++)
        {
            BitConverter.TryWriteBytes(bytes.AsSpan(word * sizeof(ulong)), words[word]);
        }

        return bytes;
    }

    private void Check(long tile)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tile);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(tile, Size);
    }
}
