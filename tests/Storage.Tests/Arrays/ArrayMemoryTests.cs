using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Storage.Zarr;
using Upweave.Tiling;

namespace Upweave.Storage.Tests.Arrays;

/// <summary>What readers and writers say that they take beside a box is what a plan is checked with.</summary>
public sealed class ArrayMemoryTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(131_071)]
    [InlineData(131_072)]
    [InlineData(1 << 20)]
    [InlineData(50_000_000)]
    public void CompressedBytesMax_AnyLength_IsNoLessThanTheLibrarySays(int length) =>
        Assert.InRange(ZstdPool.CompressedBytesMax((long)length), ZstdPool.CompressedBytesMax(length), length + (length / 128) + 64L);

    [Fact]
    public void EncodedBytesMax_OfChunks_CountsWhatThePoolGives()
    {
        Dims tile = [1, 1024, 1024], chunk = [1, 512, 512];
        OutputLayout zarr = Layout(OutputFormat.Zarr, tile, chunk);
        // A compressed chunk may be larger than its 2^18 bytes, and the pool's next size is twice that.
        Assert.Equal((4 * (1 << 19)) + (1 << 18), ArrayWriters.EncodedBytesMax(zarr));
        Assert.Equal(4 * (1 << 18), ArrayWriters.EncodedBytesMax(zarr with { Compression = Compression.None }));
        Assert.Equal(0, ArrayWriters.EncodedBytesMax(zarr with { Tile = chunk, Compression = Compression.None }));
        Assert.Equal(0, ArrayWriters.EncodedBytesMax(Layout(OutputFormat.Npy, tile, chunk)));
        // A shard of four such chunks is over 2^20 bytes; the index has 16 bytes for each, and 4.
        Assert.Equal((1 << 21) + (1 << 18) + 68, ArrayWriters.EncodedBytesMax(zarr with { IsSharded = true }));
    }

    private static OutputLayout Layout(OutputFormat format, Dims tile, Dims chunk) => new()
    {
        Format = format,
        Path = "x",
        Owner = "x",
        Shape = [1, 4096, 4096],
        Type = ElementType.UInt8,
        Tile = tile,
        Chunk = chunk,
    };

    [Theory]
    [InlineData(OutputFormat.OmeZarr, Compression.Zstd, true)]
    [InlineData(OutputFormat.OmeZarr, Compression.Deflate, true)]
    [InlineData(OutputFormat.OmeZarr, Compression.None, true)]
    [InlineData(OutputFormat.OmeZarr, Compression.Zstd, false)]
    [InlineData(OutputFormat.OmeZarr, Compression.None, false)]
    [InlineData(OutputFormat.OmeZarrV2, Compression.Deflate, false)]
    [InlineData(OutputFormat.OmeZarrV2, Compression.None, false)]
    public async Task LevelHeldBytes_OfAPlan_AreWhatTheReaderOfTheLevelSays(OutputFormat format, Compression compression, bool isSharded)
    {
        using TestFolder folder = new();
        Sample sample = Sample.Random(new Random(8), [2, 70, 50], ElementType.UInt16);
        OutputLayout layout = new()
        {
            Format = format,
            Path = "x.ome.zarr",
            Owner = new string('a', 32),
            Shape = sample.Shape,
            Type = sample.Type,
            Axes = "cyx",
            Tile = [2, 32, 32],
            Chunk = [1, 16, 16],
            IsSharded = isSharded,
            Compression = compression,
        };
        IArrayWriter writer = ArrayWriters.Create(folder.Store, layout);
        TileGrid tiles = layout.Tiles();
        for (long index = 0; index < tiles.Count; index++)
        {
            using EncodedTile tile = writer.Encode(index, sample.Cut(tiles[index]));
            await writer.WriteAsync(tile, TestContext.Current.CancellationToken);
        }

        await using IArrayReader reader = await ArrayReaders.OpenLevelAsync(folder.Store, layout, TestContext.Current.CancellationToken);
        Assert.Equal(sample.Bytes, await Sample.ReadAsync(reader, Box.Whole(sample.Shape)));
        Dims box = [1, 32, 32];
        Assert.Equal(reader.ReadOverheadBytes(box) + reader.KeptBytes, ArrayReaders.LevelHeldBytes(box, layout));
    }

    [Fact]
    public void ReadOverheadBytes_OfChunks_CountsThoseDecodedAtOnce()
    {
        Dims chunk = [64, 64];
        ZarrChain zstd = new() { Chunk = chunk, ElementBytes = 2, Codecs = [new ZarrZstdCodec()] };
        long one = (64 * 64 * 2) + (2 * 64 * 64 * 2); // decoded, and as it is stored in the pool's next size
        Assert.Equal(4 * one, ZarrReader.ReadOverheadBytes([1000, 1000], zstd));
        Assert.Equal(4 * one, ZarrReader.ReadOverheadBytes([1, 1], zstd)); // a box may lie on a corner
        ZarrChain turned = zstd with { Order = [1, 0] };
        Assert.Equal(4 * (one + (64 * 64 * 2)), ZarrReader.ReadOverheadBytes([1, 1], turned));
        Assert.Equal(4 * ((64 * 64 * 2) + (1 << 20)), ArrayReaders.PlainZarrOverheadBytes([1000, 1000], chunk, ElementType.UInt16));
    }
}
