using System.Security.Cryptography;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Storage.Tests.Npy;
using Upweave.Tiling;

namespace Upweave.Storage.Tests.Arrays;

public sealed class ArrayCopierTests : IDisposable
{
    private readonly TestFolder folder = new();

    public static TheoryData<ElementType> Types => [.. Enum.GetValues<ElementType>()];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Copy_NpyToZarrToNpy_KeepsEveryBitAndTheHash(ElementType type)
    {
        Sample sample = Sample.Random(new Random((int)type), [2, 520, 530], type);
        folder.Write("x.npy", NpyFile.Make(sample, fortran: true));
        Assert.True(await CopyAsync("x.npy", OutputFormat.Zarr, "y.zarr"));
        Assert.True(await CopyAsync("y.zarr", OutputFormat.Npy, "z.npy"));
        Assert.Equal(NpyFile.Make(sample)[^sample.Bytes.Length..], await Sample.ReadAllAsync(folder.At("z.npy")));
        foreach (string name in new[] { "x.npy", "y.zarr", "z.npy" })
        {
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(sample.Bytes)), await HashAsync(name));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Hash_AnyRankAndChunks_IsThatOfTheElementsInCOrder(int rank)
    {
        Random random = new(rank);
        Sample sample = Sample.Random(random, Dims.Build(rank, _ => random.Next(1, 12)), ElementType.UInt16);
        new Zarr.ZarrFolder { Sample = sample, Chunk = Dims.Build(rank, _ => random.Next(1, 5)) }.Write(folder, "x");
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(sample.Bytes)), await HashAsync("x"));
    }

    [Fact]
    public async Task Hash_ArrayOfManySlabs_IsThatOfTheElementsInCOrder()
    {
        Sample sample = Sample.Random(new Random(1), [3, 5000, 3000], ElementType.UInt8);
        folder.Write("x.npy", NpyFile.Make(sample));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(sample.Bytes)), await HashAsync("x.npy"));
    }

    [Fact]
    public async Task Copy_Interrupted_WritesOnlyWhatIsMissing()
    {
        Sample sample = Sample.Random(new Random(1), [600, 1100], ElementType.UInt8);
        folder.Write("x.npy", NpyFile.Make(sample));
        await using IArrayReader reader = await Sample.OpenAsync(folder.At("x.npy"));
        OutputLayout layout = CopyLayout.For(reader.Info, OutputFormat.Zarr, "y", "copy");
        TileGrid tiles = layout.Tiles();
        Assert.Equal(6, tiles.Count);
        IArrayWriter writer = ArrayWriters.Create(folder.Store, layout);
        foreach (long done in new long[] { 1, 4 })
        {
            using EncodedTile tile = writer.Encode(done, sample.Cut(tiles[done]));
            await writer.WriteAsync(tile, Cancelled);
        }

        Reports reports = new();
        Assert.True(await ArrayCopier.CopyAsync(reader, writer, WriteCondition.IfAbsent, reports, Cancelled));
        Assert.Equal([2, 3, 4, 5, 6], reports.Values.Order());
        Assert.Equal(sample.Bytes, await Sample.ReadAllAsync(folder.At("y")));
        Assert.True(await ArrayCopier.CopyAsync(reader, writer, WriteCondition.IfAbsent, reports, Cancelled));
        Assert.False(await CopyAsync("x.npy", OutputFormat.Zarr, "y", "another"));
    }

    [Fact]
    public async Task Copy_OtherShapeOrType_IsRefused()
    {
        folder.Write("x.npy", NpyFile.Make(Sample.Random(new Random(1), [3, 2], ElementType.Float32)));
        await using IArrayReader reader = await Sample.OpenAsync(folder.At("x.npy"));
        OutputLayout layout = CopyLayout.For(reader.Info, OutputFormat.Npy, "y", "copy") with { Type = ElementType.UInt8 };
        await Assert.ThrowsAsync<ArgumentException>(async () => await ArrayCopier.CopyAsync(
            reader, ArrayWriters.Create(folder.Store, layout), WriteCondition.IfAbsent, null, Cancelled));
    }

    [Theory]
    [InlineData(1_000_000)]
    [InlineData(3_000_001)]
    [InlineData(8_388_609)]
    [InlineData(100_000_000)]
    public void CopyLayout_NpyOfManyTerabytes_StaysWithinTheBlocksOfAFile(long width)
    {
        ArrayInfo info = new() { Format = "npy", Shape = [3, 50_000, width], Type = ElementType.Float64 };
        OutputLayout layout = CopyLayout.For(info, OutputFormat.Npy, "y", "copy");
        Assert.InRange(layout.Tiles().Count, 1, 49_999);
    }

    private async Task<bool> CopyAsync(string from, OutputFormat format, string to, string owner = "copy")
    {
        await using IArrayReader reader = await Sample.OpenAsync(folder.At(from));
        IArrayWriter writer = ArrayWriters.Create(folder.Store, CopyLayout.For(reader.Info, format, to, owner));
        return await ArrayCopier.CopyAsync(reader, writer, WriteCondition.IfAbsent, null, Cancelled);
    }

    private async Task<string> HashAsync(string name)
    {
        await using IArrayReader reader = await Sample.OpenAsync(folder.At(name));
        return await ArrayHash.ComputeAsync(reader, Cancelled);
    }

    private sealed class Reports : IProgress<long>
    {
        private readonly Lock gate = new();

        public List<long> Values { get; } = [];

        public void Report(long value)
        {
            lock (gate)
            {
                Values.Add(value);
            }
        }
    }
}
