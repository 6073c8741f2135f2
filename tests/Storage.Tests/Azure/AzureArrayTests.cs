using Azure.Storage.Blobs;
using Upweave.Storage.Arrays;
using Upweave.Storage.Azure;
using Upweave.Storage.Stores;
using Upweave.Storage.Zarr;
using Upweave.Tiling;

namespace Upweave.Storage.Tests.Azure;

/// <summary>Arrays written and read where their objects are blobs.</summary>
[Collection(AzureCollection.Name)]
public sealed class AzureArrayTests(AzureFixture azure)
{
    private const string Plan = "0123456789abcdef0123456789abcdef";

    private readonly BlobContainerClient container = azure.NewContainer();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(OutputFormat.Npy, false, false)]
    [InlineData(OutputFormat.Nifti, false, false)]
    [InlineData(OutputFormat.Zarr, false, false)]
    [InlineData(OutputFormat.Zarr, true, false)]
    [InlineData(OutputFormat.Zarr, true, true)]
    [InlineData(OutputFormat.OmeZarr, false, true)]
    public async Task Write_TilesByTwoWritersThenCommit_ReadsBackByBox(OutputFormat format, bool compress, bool isSharded)
    {
        Random random = new(3);
        Sample sample = Sample.Random(random, [3, 20, 17], ElementType.Float32);
        OutputLayout layout = Layout(sample, format, compress) with { IsSharded = isSharded };
        Assert.True(await Open(layout).PrepareAsync(WriteCondition.IfAbsent, Cancelled));
        long tiles = layout.Tiles().Count;
        await WriteAsync(sample, layout, tile => tile % 3 == 0);
        await WriteAsync(sample, layout, tile => tile == 3);
        TileSet done = new(tiles);
        await Open(layout).FindDoneAsync(done, Cancelled);
        Assert.Equal((tiles + 2) / 3, done.Count);
        await WriteAsync(sample, layout, tile => !done.Contains(tile));
        Assert.True(await Open(layout).CommitAsync(WriteCondition.IfAbsent, Cancelled));
        Assert.True(await Open(layout).CommitAsync(WriteCondition.IfAbsent, Cancelled));
        await Open(layout).DiscardAsync(Cancelled);

        await using IArrayReader reader = await ArrayReaders.OpenAsync(Location, identity: null, Cancelled);
        bool isNifti = format == OutputFormat.Nifti; // in which a plane with channels has a third axis
        Box As(Box box) => isNifti ? new([box.Origin[0], 0, .. box.Origin.From(1)], [box.Shape[0], 1, .. box.Shape.From(1)]) : box;
        Assert.Equal(sample.Bytes, await Sample.ReadAsync(reader, As(Box.Whole(sample.Shape))));
        Box box = sample.RandomBox(random);
        Assert.Equal(sample.Cut(box), await Sample.ReadAsync(reader, As(box)));
        Assert.DoesNotContain(await AzureFixture.AllAsync(container), name => name.StartsWith("out.upweave", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(OutputFormat.Npy)]
    [InlineData(OutputFormat.Nifti)]
    [InlineData(OutputFormat.Zarr)]
    public async Task Discard_SomeTilesWritten_LeavesNoBlockAndNoObject(OutputFormat format)
    {
        Sample sample = Sample.Random(new Random(4), [3, 20, 17], ElementType.UInt8);
        OutputLayout layout = Layout(sample, format, compress: true);
        Assert.True(await Open(layout).PrepareAsync(WriteCondition.IfAbsent, Cancelled));
        await WriteAsync(sample, layout, tile => tile < 2);
        await Open(layout).DiscardAsync(Cancelled);
        Assert.Empty(await AzureFixture.AllAsync(container));
    }

    /// <summary>Resolutions are made from one another while nobody else can take any of them for an array.</summary>
    [Theory]
    [InlineData(OutputFormat.OmeZarr, true)]
    [InlineData(OutputFormat.OmeZarr, false)]
    [InlineData(OutputFormat.OmeZarrV2, false)]
    public async Task Write_Pyramid_HasNoArrayBeforeTheCommit(OutputFormat format, bool isSharded)
    {
        Sample full = Sample.Random(new Random(6), [3, 20, 17], ElementType.UInt8);
        Sample half = Sample.Random(new Random(7), [3, 10, 9], ElementType.UInt8);
        OutputLayout layout = Layout(full, format, compress: true) with
        {
            IsSharded = isSharded,
            Pyramid = [new PyramidLevel(half.Shape, [1, 2, 2])],
        };
        Assert.True(await Open(layout).PrepareAsync(WriteCondition.IfAbsent, Cancelled));
        Sample[] levels = [full, half];
        foreach ((int level, Sample sample) in levels.Index())
        {
            await WriteAsync(sample, layout.OfLevel(level), _ => true);
            await using IArrayReader reader = await ArrayReaders.OpenLevelAsync(Store, layout.OfLevel(level), Cancelled);
            Assert.Equal(sample.Bytes, await Sample.ReadAsync(reader, Box.Whole(sample.Shape)));
        }

        Assert.DoesNotContain(await AzureFixture.AllAsync(container), ZarrMetadata.IsOne);
        Assert.True(await Open(layout).CommitAsync(WriteCondition.IfAbsent, Cancelled));
        foreach ((int level, Sample sample) in levels.Index())
        {
            await using IArrayReader reader = await ArrayReaders.OpenAsync(
                Location with { Path = $"out/{level}" }, identity: null, Cancelled);
            Assert.Equal(sample.Bytes, await Sample.ReadAsync(reader, Box.Whole(sample.Shape)));
        }

        await using IArrayReader group = await ArrayReaders.OpenAsync(Location, identity: null, Cancelled);
        Assert.Equal(["0", "1"], group.Info.Levels.Select(level => level.Path));
    }

    [Fact]
    public async Task Read_PinnedZarrWhoseChunkIsWrittenLater_IsObjectChanged()
    {
        Sample sample = Sample.Random(new Random(5), [1, 20, 17], ElementType.UInt8);
        OutputLayout layout = Layout(sample, OutputFormat.Zarr, compress: true);
        await WriteAsync(sample, layout, _ => true);
        Assert.True(await Open(layout).CommitAsync(WriteCondition.IfAbsent, Cancelled));
        string identity = await IdentityAsync();
        await using (IArrayReader pinned = await ArrayReaders.OpenAsync(Location, identity, Cancelled))
        {
            Assert.Equal(sample.Bytes, await Sample.ReadAsync(pinned, Box.Whole(sample.Shape)));
        }

        // The service's times are whole seconds: the write is late when one has passed.
        using CancellationTokenSource bound = new(TimeSpan.FromSeconds(30));
        while (await IdentityAsync() == identity)
        {
            bound.Token.ThrowIfCancellationRequested();
        }

        await Store.WriteAsync("out/c/0/1/0", new byte[9], WriteCondition.Always, Cancelled);
        await using IArrayReader reader = await ArrayReaders.OpenAsync(Location, identity, Cancelled);
        await Assert.ThrowsAsync<ObjectChangedException>(async () => await Sample.ReadAsync(reader, Box.Whole(sample.Shape)));
    }

    private AzureBlobStore Store => new AzureBlobStore(container);

    private StoreLocation Location => new(Store, "out");

    private async Task<string> IdentityAsync()
    {
        await using IArrayReader reader = await ArrayReaders.OpenAsync(Location, identity: null, Cancelled);
        return reader.Identity;
    }

    private static OutputLayout Layout(Sample sample, OutputFormat format, bool compress) => new()
    {
        Format = format,
        Path = "out",
        Owner = Plan,
        Shape = sample.Shape,
        Type = sample.Type,
        Axes = "cyx",
        Tile = ArrayWriters.IsLinear(format) ? [sample.Shape[0], 3, sample.Shape[2]] : [sample.Shape[0], 8, 8],
        Chunk = [1, 4, 8],
        Compression = compress ? Compression.Zstd : Compression.None,
    };

    private IArrayWriter Open(OutputLayout layout) => ArrayWriters.Create(Store, layout);

    private async Task WriteAsync(Sample sample, OutputLayout layout, Func<long, bool> which)
    {
        IArrayWriter writer = Open(layout);
        TileGrid tiles = layout.Tiles();
        for (long tile = 0; tile < tiles.Count; tile++)
        {
            if (!which(tile))
                continue;
            using EncodedTile encoded = writer.Encode(tile, sample.Cut(tiles[tile]));
            await writer.WriteAsync(encoded, Cancelled);
        }
    }
}
