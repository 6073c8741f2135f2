using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Storage.Tests.Zarr;

/// <summary>Reading shards: every form of the index, and what a wrong one may not do.</summary>
public sealed class ZarrShardTests : IDisposable
{
    private readonly TestFolder folder = new();

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 60)];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Read_RandomShardsAndBoxes_EqualsPlainLoops(int seed)
    {
        Random random = new(seed);
        Sample sample = Sample.Random(random, rankMax: 3, extentMax: 13);
        Dims chunk = Dims.Build(sample.Shape.Count, _ => random.Next(1, 5));
        int[] order = [.. Enumerable.Range(0, chunk.Count)];
        random.Shuffle(order);
        Dims shard = Dims.Build(chunk.Count, axis => chunk[axis] * random.Next(1, 4));
        ZarrFolder zarr = new()
        {
            Sample = sample,
            Chunk = chunk,
            Compression = new[] { "none", "zstd", "gzip" }[random.Next(3)],
            BigEndian = random.Next(2) == 0,
            Checksum = random.Next(2) == 0,
            Order = random.Next(2) == 0 ? null : order,
            Fill = sample.Type == ElementType.Bool ? "false" : "0",
            Shards = new ZarrFolderShards(shard, random.Next(2) == 0, random.Next(2) == 0, random.Next(2) == 0, _ => false),
        };
        zarr.Write(folder, "x.zarr");
        await using IArrayReader reader = await Sample.OpenAsync(folder.At("x.zarr"));
        Assert.Equal((sample.Shape, sample.Type, chunk), (reader.Info.Shape, reader.Info.Type, reader.Info.Chunk));
        for (int time = 0; time < 10; time++)
        {
            Box box = sample.RandomBox(random);
            Assert.Equal(sample.Cut(box), await Sample.ReadAsync(reader, box));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_MissingShardsAndInnerChunks_AreTheFillValue(bool isCompressed)
    {
        Sample sample = Sample.Random(new Random(5), [8, 4], ElementType.UInt8);
        ZarrFolder zarr = new()
        {
            Sample = sample,
            Chunk = [2, 4],
            Fill = "7",
            Compression = isCompressed ? "zstd" : "none",
            Shards = new ZarrFolderShards([4, 4], false, false, true, place => place == 1),
        };
        zarr.Write(folder, "x", missing: [1]);
        byte[] fill = [.. Enumerable.Repeat((byte)7, 8)];
        byte[] expected = [.. sample.Cut(new Box([0, 0], [2, 4])), .. fill, .. fill, .. fill];
        Assert.Equal(expected, await Sample.ReadAllAsync(folder.At("x")));
    }

    /// <summary>A transposed shard: its index and its chunks are in the order of the axes that it is stored in.</summary>
    [Fact]
    public async Task Read_ShardTransposedAsAWhole_EqualsPlainLoops()
    {
        Sample sample = Sample.Random(new Random(5), [4, 6, 5], ElementType.UInt16);
        // Stored axes are (z, x, y) of an array (x, y, z): its shards as those of an array with these axes.
        int[] order = [2, 0, 1];
        Sample turned = Turn(sample, order);
        Sample whole = Turn(turned, [1, 2, 0]);
        Assert.Equal(sample.Bytes, whole.Bytes);
        ZarrFolder zarr = new()
        {
            Sample = turned,
            Chunk = [2, 1, 3],
            Order = [1, 0, 2],
            Compression = "zstd",
            Shards = new ZarrFolderShards([4, 2, 6], false, false, true, _ => false),
            KeyEncoding = """{"name": "v2"}""",
            Separator = '.',
        };
        zarr.Write(folder, "stored");
        string json = zarr.Json()
            .Replace("[5,4,6]", "[4,6,5]", StringComparison.Ordinal)
            .Replace("{\"chunk_shape\": [4,2,6]", "{\"chunk_shape\": [2,6,4]", StringComparison.Ordinal)
            .Replace("[{\"name\": \"sharding", "[{\"name\": \"transpose\", \"configuration\": {\"order\": [2,0,1]}}, {\"name\": \"sharding", StringComparison.Ordinal);
        folder.Write("x/zarr.json", System.Text.Encoding.UTF8.GetBytes(json));
        foreach (string shard in Directory.EnumerateFiles(folder.At("stored")).Where(file => !file.EndsWith(".json", StringComparison.Ordinal)))
        {
            string[] key = Path.GetFileName(shard).Split('.');
            File.Copy(shard, folder.At($"x/{key[1]}.{key[2]}.{key[0]}"));
        }

        Assert.Equal(sample.Bytes, await Sample.ReadAllAsync(folder.At("x")));
    }

    [Fact]
    public async Task Read_ManyAtOnce_ReadsEachIndexAndChunkOnce()
    {
        Sample sample = Sample.Random(new Random(3), [40, 40], ElementType.Int16);
        ZarrFolder zarr = new()
        {
            Sample = sample,
            Chunk = [10, 10],
            Compression = "zstd",
            Shards = new ZarrFolderShards([20, 40], false, false, true, _ => false),
        };
        zarr.Write(folder, "x");
        CountingStore store = new(folder.Store);
        await using IArrayReader reader = await ArrayReaders.OpenAsync(store, "x", null, Cancelled);
        store.Reads = 0;
        Box box = new([5, 5], [10, 20]);
        byte[][] results = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Sample.ReadAsync(reader, box))));
        Assert.All(results, result => Assert.Equal(sample.Cut(box), result));
        Assert.Equal(1 + 6, store.Reads);
    }

    /// <summary>What a plan counts for an input: inner chunks, never shards, and the indexes.</summary>
    [Fact]
    public async Task Overhead_OfShards_IsOfInnerChunksAndIndexes()
    {
        Sample sample = Sample.Random(new Random(3), [200, 200], ElementType.UInt16);
        ZarrFolder zarr = new()
        {
            Sample = sample,
            Chunk = [10, 10],
            Compression = "zstd",
            Shards = new ZarrFolderShards([100, 100], false, false, true, _ => true),
        };
        zarr.Write(folder, "x");
        await using IArrayReader reader = await Sample.OpenAsync(folder.At("x"));
        const int chunkBytes = 200;
        const int indexBytes = (100 * 16) + 4;
        // Four at once: each the decoded chunk, its stored bytes (200 + 1 + 1024 at most) in the pool's next size, and an index.
        Assert.Equal(4 * (chunkBytes + 2048 + indexBytes), reader.ReadOverheadBytes([100, 100]));
        Assert.Equal((400 * (chunkBytes + 128)) + (4 * (indexBytes + 128)), reader.KeptBytes);
    }

    [Fact]
    public async Task Read_ShardWrittenAfterPlanningOrAfterItsIndexWasRead_IsObjectChanged()
    {
        Sample sample = Sample.Random(new Random(3), [4, 4], ElementType.Int16);
        ZarrFolder zarr = new() { Sample = sample, Chunk = [2, 2], Shards = new ZarrFolderShards([4, 4], false, false, true, _ => false) };
        zarr.Write(folder, "x");
        await using IArrayReader planned = await Sample.OpenAsync(folder.At("x"));
        await using IArrayReader worker = await Sample.OpenAsync(folder.At("x"), planned.Identity);
        Assert.Equal(8, (await Sample.ReadAsync(worker, new Box([0, 0], [2, 2]))).Length);
        File.SetLastWriteTimeUtc(folder.At("x/c/0/0"), DateTime.UtcNow.AddMinutes(1));
        await Assert.ThrowsAsync<ObjectChangedException>(() => Sample.ReadAsync(worker, Box.Whole([4, 4])));
        await Assert.ThrowsAsync<ObjectChangedException>(() => Sample.ReadAsync(planned, Box.Whole([4, 4])));
    }

    [Fact]
    public async Task Read_InnerChunkLargerThanTheMost_IsRefusedAndLargeShardIsNot()
    {
        Sample sample = Sample.Random(new Random(3), [4, 4], ElementType.Int16);
        ZarrFolder zarr = new() { Sample = sample, Chunk = [4, 4], Shards = new ZarrFolderShards([400000, 4000], true, false, true, _ => true) };
        string json = zarr.Json();
        folder.Write("many/zarr.json", System.Text.Encoding.UTF8.GetBytes(json));
        InvalidArrayException many = await Assert.ThrowsAsync<InvalidArrayException>(async () => await Sample.OpenAsync(folder.At("many")));
        Assert.Contains("inner chunks", many.Message, StringComparison.Ordinal);
        folder.Write("large/zarr.json", System.Text.Encoding.UTF8.GetBytes(
            json.Replace("{\"chunk_shape\": [4,4]", "{\"chunk_shape\": [4000,4000]", StringComparison.Ordinal)));
        await using IArrayReader large = await Sample.OpenAsync(folder.At("large"));
        Assert.Equal(new byte[32], await Sample.ReadAsync(large, Box.Whole([4, 4])));
        folder.Write("larger/zarr.json", System.Text.Encoding.UTF8.GetBytes(
            json.Replace("{\"chunk_shape\": [4,4]", "{\"chunk_shape\": [400000,4000]", StringComparison.Ordinal)));
        InvalidArrayException larger = await Assert.ThrowsAsync<InvalidArrayException>(async () => await Sample.OpenAsync(folder.At("larger")));
        Assert.Contains("at most", larger.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1000UL, 8UL)]
    [InlineData(0, 0UL, 1000UL)]
    [InlineData(0, 0xFFFFFFFFFFFFFFF0UL, 0x20UL)]
    [InlineData(0, 8UL, 0xFFFFFFFFFFFFFFFFUL)]
    [InlineData(0, 0xFFFFFFFFFFFFFFFFUL, 8UL)]
    [InlineData(0, 26UL, 8UL)]
    [InlineData(0, 0UL, 7UL)]
    [InlineData(0, 0UL, 0UL)]
    [InlineData(1, 0UL, 8UL)]
    [InlineData(1, 10UL, 8UL)]
    public async Task Read_IndexThatPointsOutsideOrAtNonsense_NamesTheShard(int isAtStart, ulong offset, ulong length)
    {
        Sample sample = Sample.Random(new Random(3), [4, 4], ElementType.Int16);
        ZarrFolder zarr = new()
        {
            Sample = sample,
            Chunk = [2, 2],
            Shards = new ZarrFolderShards([4, 4], isAtStart == 1, false, false, _ => false),
        };
        zarr.Write(folder, "x");
        byte[] shard = await File.ReadAllBytesAsync(folder.At("x/c/0/0"), Cancelled);
        Assert.Equal(32 + 64, shard.Length);
        int index = isAtStart == 1 ? 0 : 32;
        BitConverter.TryWriteBytes(shard.AsSpan(index + 16), offset);
        BitConverter.TryWriteBytes(shard.AsSpan(index + 24), length);
        folder.Write("x/c/0/0", shard);
        await using IArrayReader reader = await Sample.OpenAsync(folder.At("x"));
        File.SetLastWriteTimeUtc(folder.At("x/c/0/0"), DateTime.UnixEpoch);
        Assert.Equal(sample.Cut(new Box([0, 0], [2, 2])), await Sample.ReadAsync(reader, new Box([0, 0], [2, 2])));
        CorruptDataException error = await Assert.ThrowsAsync<CorruptDataException>(
            () => Sample.ReadAsync(reader, new Box([0, 2], [2, 2])));
        Assert.Contains("x/c/0/0", error.Message, StringComparison.Ordinal);
        Assert.Contains("[0,1]", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none", 1)]
    [InlineData("gzip", 2)]
    [InlineData("zstd", 3)]
    public async Task Read_ShardDamagedOrCut_IsAnErrorNamingItOrElementsOfTheRightSize(string compression, int seed)
    {
        Sample sample = Sample.Random(new Random(seed), [8, 8], ElementType.Int16);
        ZarrFolder zarr = new()
        {
            Sample = sample,
            Chunk = [4, 4],
            Compression = compression,
            Checksum = true,
            Shards = new ZarrFolderShards([8, 8], seed == 2, false, true, _ => false),
        };
        zarr.Write(folder, "x");
        byte[] whole = await File.ReadAllBytesAsync(folder.At("x/c/0/0"), Cancelled);
        Random random = new(seed);
        for (int time = 0; time < 500; time++)
        {
            byte[] damaged = time % 4 == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
            if (damaged.Length == whole.Length)
                damaged[random.Next(damaged.Length)] ^= (byte)random.Next(1, 256);
            folder.Write("x/c/0/0", damaged);
            // A checksum covers every byte: nothing that is changed goes unnoticed.
            CorruptDataException error = await Assert.ThrowsAsync<CorruptDataException>(() => Sample.ReadAllAsync(folder.At("x")));
            Assert.Contains("x/c/0/0", error.Message, StringComparison.Ordinal);
        }
    }

    private static Sample Turn(Sample sample, int[] order)
    {
        Dims shape = Dims.Build(order.Length, step => sample.Shape[order[step]]);
        List<byte> bytes = [];
        for (long index = 0; index < shape.Volume; index++)
        {
            Dims at = Sample.Unravel(index, shape);
            Dims element = Dims.Build(order.Length, axis => at[Array.IndexOf(order, axis)]);
            bytes.AddRange(sample.Cut(new Box(element, Dims.Repeat(1, order.Length))));
        }

        return new Sample(shape, sample.Type, [.. bytes]);
    }
}
