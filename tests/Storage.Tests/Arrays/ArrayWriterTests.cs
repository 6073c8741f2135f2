using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Tiling;

namespace Upweave.Storage.Tests.Arrays;

/// <summary>What both formats promise: any order of tiles, repeats, restarts, and an array that reads back the same.</summary>
public sealed class ArrayWriterTests : IDisposable
{
    private readonly TestFolder folder = new();

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Write_RandomTilesInRandomOrderWithRepeats_ReadsBack(int seed)
    {
        Random random = new(seed);
        // Each tile is flushed to the disk: few of them keep the test short.
        Sample sample = Sample.Random(random, extentMax: 6);
        OutputLayout layout = RandomLayout(random, sample);
        TileGrid tiles = layout.Tiles();
        int[] order = [.. Enumerable.Range(0, (int)tiles.Count), .. Enumerable.Range(0, (int)tiles.Count / 2)];
        random.Shuffle(order);
        HashSet<long> written = [];
        foreach (int tile in order)
        {
            IArrayWriter writer = ArrayWriters.Create(folder.Store, layout);
            using EncodedTile encoded = writer.Encode(tile, sample.Cut(tiles[tile]));
            Assert.Equal(tile, encoded.Tile);
            await writer.WriteAsync(encoded, Cancelled);
            written.Add(tile);
            if (random.Next(5) == 0)
                Assert.Equal(written.Order(), await DoneAsync(layout));
        }

        IArrayWriter last = ArrayWriters.Create(folder.Store, layout);
        Assert.Equal(tiles.Count, (await DoneAsync(layout)).Count);
        Assert.False(await last.IsCommittedAsync(Cancelled));
        Assert.True(await last.CommitAsync(WriteCondition.IfAbsent, Cancelled));
        Assert.True(await last.CommitAsync(WriteCondition.IfAbsent, Cancelled));
        Assert.True(await last.IsCommittedAsync(Cancelled));
        Assert.NotNull(await folder.Store.StatAsync(ArrayWriters.PublishingPath(layout.Format, layout.Path), Cancelled));
        await using IArrayReader reader = await Sample.OpenAsync(folder.At(layout.Path));
        Assert.Equal((sample.Shape, sample.Type), (reader.Info.Shape, reader.Info.Type));
        Assert.Equal(sample.Bytes, await Sample.ReadAsync(reader, Box.Whole(sample.Shape)));
    }

    [Fact]
    public async Task Npy_HeaderAndBytes_AreNumpys()
    {
        Sample sample = Sample.Random(new Random(1), [10], ElementType.UInt16);
        await WriteAllAsync(sample, Npy(sample, [4]));
        byte[] file = await File.ReadAllBytesAsync(folder.At("out"), Cancelled);
        // As numpy 1.24 writes it: 118 bytes of header after the first 10, the last a line feed.
        string header = "{'descr': '<u2', 'fortran_order': False, 'shape': (10,), }".PadRight(117) + "\n";
        Assert.Equal([0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. System.Text.Encoding.ASCII.GetBytes(header), .. sample.Bytes], file);
    }

    [Fact]
    public void Npy_TileOfFullRows_IsOneBlockForEachChannel()
    {
        Sample sample = Sample.Random(new Random(1), [2, 3, 10, 8], ElementType.UInt16);
        IArrayWriter writer = ArrayWriters.Create(folder.Store, Npy(sample, [1, 3, 4, 8]));
        using EncodedTile tile = writer.Encode(5, sample.Cut(new Box([1, 0, 8, 0], [1, 3, 2, 8])));
        Assert.Equal([32, 32, 32], tile.Parts.Select(part => part.Block.Length));
        long[] elements = [(30 + 8) * 8, (40 + 8) * 8, (50 + 8) * 8];
        Assert.Equal(elements.Select(start => 128 + (2 * start)), tile.Parts.Select(part => part.Block.Offset));
        using EncodedTile whole = ArrayWriters.Create(folder.Store, Npy(sample, [2, 3, 10, 8])).Encode(0, sample.Bytes);
        Assert.Single(whole.Parts);
    }

    [Fact]
    public void Npy_MoreBlocksThanAnObjectHas_IsRefused()
    {
        Sample sample = Sample.Random(new Random(1), [300, 200], ElementType.UInt8);
        Assert.Throws<ArgumentException>(() => ArrayWriters.Create(folder.Store, Npy(sample, [1, 1])));
    }

    [Fact]
    public void Zarr_TileNotWholeChunks_IsRefused()
    {
        Sample sample = Sample.Random(new Random(1), [30, 20], ElementType.UInt8);
        Assert.Throws<ArgumentException>(
            () => ArrayWriters.Create(folder.Store, Npy(sample, [8, 8]) with { Format = OutputFormat.Zarr, Chunk = [8, 5] }));
    }

    [Fact]
    public async Task Zarr_EdgeChunksAndMetadata_AreAsTheSpecificationSays()
    {
        Sample sample = new([3, 2], ElementType.UInt16, [1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0]);
        OutputLayout layout = Npy(sample, [2, 2]) with { Format = OutputFormat.Zarr, Chunk = [2, 2], Compression = Compression.None, Axes = "yx" };
        await WriteAllAsync(sample, layout);
        Assert.Equal([1, 0, 2, 0, 3, 0, 4, 0], await File.ReadAllBytesAsync(folder.At("out/c/0/0"), Cancelled));
        Assert.Equal([5, 0, 6, 0, 0, 0, 0, 0], await File.ReadAllBytesAsync(folder.At("out/c/1/0"), Cancelled));
        const string expected = """
            {"zarr_format":3,"node_type":"array","shape":[3,2],"data_type":"uint16",
            "chunk_grid":{"name":"regular","configuration":{"chunk_shape":[2,2]}},
            "chunk_key_encoding":{"name":"default","configuration":{"separator":"/"}},
            "fill_value":0,"codecs":[{"name":"bytes","configuration":{"endian":"little"}}],
            "attributes":{},"dimension_names":["y","x"]}
            """;
        string json = await File.ReadAllTextAsync(folder.At("out/zarr.json"), Cancelled);
        Assert.Equal(string.Concat(expected.Where(letter => letter != '\n')), string.Concat(json.Where(letter => !char.IsWhiteSpace(letter))));
        await using IArrayReader reader = await Sample.OpenAsync(folder.At("out"));
        Assert.Equal("yx", reader.Info.Axes);
    }

    [Theory]
    [InlineData(OutputFormat.Npy)]
    [InlineData(OutputFormat.Zarr)]
    public async Task FindDone_LayoutOfAnotherOwner_SeesNothing(OutputFormat format)
    {
        Sample sample = Sample.Random(new Random(1), [4, 4], ElementType.UInt8);
        OutputLayout layout = Npy(sample, [2, 4]) with { Format = format, Chunk = [2, 4] };
        IArrayWriter writer = ArrayWriters.Create(folder.Store, layout);
        using (EncodedTile tile = writer.Encode(1, sample.Cut(new Box([2, 0], [2, 4]))))
        {
            await writer.WriteAsync(tile, Cancelled);
        }

        Assert.Equal([1], await DoneAsync(layout));
        Assert.Empty(await DoneAsync(layout with { Owner = "other" }));
        await writer.DiscardAsync(Cancelled);
        Assert.Empty(await DoneAsync(layout));
    }

    [Fact]
    public async Task Npy_TileMissing_IsNotCommitted()
    {
        Sample sample = Sample.Random(new Random(1), [4, 4], ElementType.UInt8);
        IArrayWriter writer = ArrayWriters.Create(folder.Store, Npy(sample, [2, 4]));
        using EncodedTile tile = writer.Encode(1, sample.Cut(new Box([2, 0], [2, 4])));
        await writer.WriteAsync(tile, Cancelled);
        await Assert.ThrowsAsync<BlocksMissingException>(async () => await writer.CommitAsync(WriteCondition.IfAbsent, Cancelled));
        Assert.False(await writer.IsCommittedAsync(Cancelled));
    }

    private static OutputLayout Npy(Sample sample, Dims tile) => new()
    {
        Format = OutputFormat.Npy,
        Path = "out",
        Owner = "plan1",
        Shape = sample.Shape,
        Type = sample.Type,
        Tile = tile,
        Chunk = tile,
    };

    private static OutputLayout RandomLayout(Random random, Sample sample)
    {
        Dims chunk = Dims.Build(sample.Shape.Count, _ => random.Next(2, 6));
        return Npy(sample, Dims.Build(chunk.Count, axis => chunk[axis] * random.Next(1, 3))) with
        {
            Format = random.Next(2) == 0 ? OutputFormat.Npy : OutputFormat.Zarr,
            Chunk = chunk,
            Compression = (Compression)random.Next(3),
            IsSharded = random.Next(2) == 0,
        };
    }

    private async Task WriteAllAsync(Sample sample, OutputLayout layout)
    {
        IArrayWriter writer = ArrayWriters.Create(folder.Store, layout);
        TileGrid tiles = layout.Tiles();
        for (long index = 0; index < tiles.Count; index++)
        {
            using EncodedTile tile = writer.Encode(index, sample.Cut(tiles[index]));
            await writer.WriteAsync(tile, Cancelled);
        }

        Assert.True(await writer.CommitAsync(WriteCondition.IfAbsent, Cancelled));
    }

    private async Task<List<long>> DoneAsync(OutputLayout layout)
    {
        TileSet done = new(layout.Tiles().Count);
        await ArrayWriters.Create(new LocalStore(folder.Root), layout).FindDoneAsync(done, Cancelled);
        return [.. Enumerable.Range(0, (int)done.Size).Select(tile => (long)tile).Where(done.Contains)];
    }
}
