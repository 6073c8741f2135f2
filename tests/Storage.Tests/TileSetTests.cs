using Upweave.Storage.Arrays;

namespace Upweave.Storage.Tests;

public sealed class TileSetTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 63)]
    [InlineData(3, 64)]
    [InlineData(4, 65)]
    [InlineData(5, 200)]
    public void AddAndRemove_RandomOrder_BehavesAsHashSet(int seed, int size)
    {
        Random random = new(seed);
        TileSet set = new(size);
        HashSet<long> expected = [];
        for (int step = 0; step < 20 * size; step++)
        {
            long tile = random.Next(size);
            if (random.Next(3) > 0)
            {
                Assert.Equal(expected.Add(tile), set.Add(tile));
            }
            else
            {
                expected.Remove(tile);
                set.Remove(tile);
            }

            Assert.Equal(expected.Count, set.Count);
            Assert.Equal(expected.Contains(tile), set.Contains(tile));
            long start = random.Next(size);
            Assert.Equal(FirstMissing(expected, start, size), set.NextMissing(start));
        }

        Assert.Equal(expected.Order(), Bits(set.ToBytes()));
    }

    [Fact]
    public void NextMissing_FullSet_IsNone()
    {
        TileSet set = new(130);
        for (long tile = 0; tile < set.Size; tile++)
        {
            Assert.Equal(tile, set.NextMissing(0));
            Assert.True(set.Add(tile));
        }

        Assert.Equal(-1, set.NextMissing(0));
        Assert.Equal(-1, set.NextMissing(130));
    }

    [Fact]
    public void ToBytes_KnownTiles_LowestBitFirst()
    {
        TileSet set = new(70);
        set.Add(0);
        set.Add(9);
        set.Add(64);
        Assert.Equal([1, 2, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0], set.ToBytes());
    }

    [Fact]
    public void Members_TileOutsideGrid_Throw()
    {
        TileSet set = new(65);
        Assert.Throws<ArgumentOutOfRangeException>(() => set.Contains(65));
        Assert.Throws<ArgumentOutOfRangeException>(() => set.Add(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => set.Remove(100));
        Assert.Throws<ArgumentOutOfRangeException>(() => set.NextMissing(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TileSet(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TileSet((1L << 33) + 1));
    }

    private static long FirstMissing(HashSet<long> tiles, long start, long size)
    {
        for (long tile = start; tile < size; tile++)
        {
            if (!tiles.Contains(tile))
                return tile;
        }

        return -1;
    }

    private static IEnumerable<long> Bits(byte[] bytes) =>
        Enumerable.Range(0, bytes.Length * 8).Where(bit => (bytes[bit / 8] >> (bit % 8) & 1) != 0).Select(bit => (long)bit);
}
