using System.IO.Compression;
using Upweave.Storage.Arrays;
using Upweave.Storage.Sequential;
using Upweave.Storage.Stores;
using Upweave.Storage.Tests.Pictures;
using Upweave.Tiling;

namespace Upweave.Storage.Tests.Nifti;

public sealed class CompressedNiftiTests : IDisposable
{
    private readonly TestFolder folder = new();

    public static TheoryData<string> Files => [.. NiftiCases.Compressed];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Ingest_FileOfOtherSoftware_IsWhatNibabelReads(string name)
    {
        folder.Write(name, await File.ReadAllBytesAsync(NiftiCases.PathOf(name), Cancelled));
        SequentialHeader header = await HeaderAsync(name);
        await NiftiCases.CheckAsync(name, header.Info);
        Assert.Equal(await Sample.ReadAllAsync(NiftiCases.PathOf(name + ".npy")), await IngestAsync(name, header));
    }

    [Theory]
    [InlineData(3, 70, 90, 1, 3, 1)]
    [InlineData(300, 300, 200, 1, 1, 1)]
    [InlineData(3000, 2100, 3, 1, 1, 2)]
    [InlineData(40, 30, 20, 2, 3, 2)]
    public async Task Ingest_MoreThanOneTile_GivesTheElements(int x, int y, int z, int t, int u, int members)
    {
        NiftiFile file = new([x, y, z, t, u], ElementType.UInt16) { BigEndian = true };
        Sample sample = Sample.Random(new Random(1), file.Shape, ElementType.UInt16);
        folder.Write("x.nii.gz", Compress(file.Make(sample), members));
        SequentialHeader header = await HeaderAsync("x.nii.gz");
        byte[] elements = await IngestAsync("x.nii.gz", header);
        Assert.True(elements.AsSpan().SequenceEqual(sample.Bytes)); // an assertion on arrays this long takes minutes
    }

    [Fact]
    public async Task Ingest_PartOfTheTilesDone_WritesTheOthers()
    {
        NiftiFile file = new([40, 30, 20, 2, 3], ElementType.Int16) { Slope = 2, Intercept = 1 };
        Sample sample = Sample.Random(new Random(1), file.Shape, ElementType.Int16);
        folder.Write("x.nii.gz", Compress(file.Make(sample), 1));
        SequentialHeader header = await HeaderAsync("x.nii.gz");
        IArrayWriter writer = ArrayWriters.Create(folder.Store, Scratch("x.nii.gz", header));
        byte[] other = new byte[writer.Layout.Tiles()[4].Volume * sizeof(float)];
        using (EncodedTile tile = writer.Encode(4, other))
        {
            await writer.WriteAsync(tile, Cancelled);
        }

        byte[] elements = await IngestAsync("x.nii.gz", header);
        Box done = writer.Layout.Tiles()[4];
        Sample ingested = new(file.Shape, ElementType.Float32, elements);
        Assert.Equal(other, ingested.Cut(done));
        Box next = writer.Layout.Tiles()[5];
        Assert.Equal(
            sample.Cut(next).Chunk(2).Select(element => (BitConverter.ToInt16(element) * 2f) + 1),
            ingested.Cut(next).Chunk(4).Select(element => BitConverter.ToSingle(element)));
    }

    [Fact]
    public async Task Ingest_FileCutShort_IsAnErrorThatNamesIt()
    {
        byte[] whole = Compress(Volume(out _), 1);
        foreach (int left in new[] { whole.Length - 1, whole.Length - 8, whole.Length - 9, whole.Length / 2 })
        {
            folder.Write("x.nii.gz", whole.AsSpan(0, left));
            await IsCorruptAsync("x.nii.gz");
        }
    }

    [Fact]
    public async Task Ingest_BytesAfterTheGzip_AreAnErrorThatNamesIt()
    {
        byte[] whole = Compress(Volume(out _), 1);
        folder.Write("x.nii.gz", [.. whole, .. "and more of it"u8]);
        await IsCorruptAsync("x.nii.gz");
    }

    [Fact]
    public async Task Ingest_MoreThanTheHeaderPromises_IsAnErrorThatNamesIt()
    {
        folder.Write("x.nii.gz", Compress([.. Volume(out _), 0], 1));
        await IsCorruptAsync("x.nii.gz");
    }

    [Fact]
    public async Task Ingest_WrongChecksum_IsAnErrorThatNamesIt()
    {
        byte[] whole = Compress(Volume(out _), 1);
        whole[^7] ^= 1;
        folder.Write("x.nii.gz", whole);
        await IsCorruptAsync("x.nii.gz");
    }

    [Fact]
    public async Task ReadHeader_MoreThanGzipCanHold_IsRefusedBeforeAnythingIsWritten()
    {
        byte[] header = new NiftiFile([30000, 30000, 30000, 1, 1], ElementType.UInt8).Header();
        folder.Write("x.nii.gz", Compress(header, 1));
        InvalidArrayException error = await Assert.ThrowsAsync<InvalidArrayException>(() => HeaderAsync("x.nii.gz"));
        Assert.Contains("truncated", error.Message);
    }

    [Fact]
    public async Task Ingest_FileChanged_IsRefused()
    {
        folder.Write("x.nii.gz", Compress(Volume(out _), 1));
        SequentialHeader header = await HeaderAsync("x.nii.gz");
        folder.Write("x.nii.gz", Compress([.. Volume(out _), 0, 0], 1));
        await Assert.ThrowsAsync<ObjectChangedException>(() => IngestAsync("x.nii.gz", header));
    }

    [Fact]
    public async Task Ingest_BytesChangedOrCut_IsAnErrorOrAnArray()
    {
        byte[] whole = await File.ReadAllBytesAsync(NiftiCases.PathOf("v2_big_i16_all.nii.gz"), Cancelled);
        byte[] content = Expand(whole);
        Random random = new(31);
        int errors = 0;
        const int times = 1000;
        for (int time = 0; time < times; time++)
        {
            // The compressed bytes, or the header within.
            byte[] damaged = [.. time % 2 == 0 ? whole : content];
            damaged[random.Next(time % 2 == 0 ? whole.Length : 544)] = (byte)random.Next(256);
            string name = $"x{time}.nii.gz";
            folder.Write(name, time % 2 == 0 ? damaged : Compress(damaged, 1));
            try
            {
                SequentialHeader header = await HeaderAsync(name);
                MemoryArray target = new(header.Info.Shape, header.Info.Type, Scratch(name, header).Tile); // a disk would take a minute
                await SequentialFiles.IngestAsync(new StoreLocation(folder.Store, name), header.Identity, target, null, Cancelled);
            }
            catch (Exception error) when (error is InvalidArrayException or CorruptDataException)
            {
                Assert.Contains(name, error.Message);
                errors++;
            }
        }

        Assert.InRange(errors, 1, times - 1);
    }

    [Theory]
    [InlineData(ElementType.UInt8, "zyx", new long[] { 50, 60, 70 })]
    [InlineData(ElementType.Float64, "zyx", new long[] { 5000, 600, 700 })]
    [InlineData(ElementType.UInt16, "zyx", new long[] { 20, 6000, 7000 })]
    [InlineData(ElementType.UInt16, "zyx", new long[] { 20, 6000, 90_000_000 })]
    [InlineData(ElementType.UInt8, "ncyx", new long[] { 20, 3, 60_000, 90 })]
    [InlineData(ElementType.Float32, "x", new long[] { 1_000_000_000 })]
    public void ScratchLayout_AnyShape_IsWholeChunksInTilesOfFewBytes(ElementType type, string axes, long[] shape)
    {
        OutputLayout layout = SequentialFiles.ScratchLayout("x.nii.gz", Dims.Create(shape), type, axes, "s", "owner");
        Assert.InRange(layout.Tiles().Tile.Volume * type.Size(), 1, 32 << 20);
        Assert.NotNull(ArrayWriters.Create(folder.Store, layout)); // throws where tiles are not whole chunks
        long outside = layout.Tile.TakeWhile(extent => extent == 1).Count();
        Assert.All(layout.Tile.Skip((int)outside + 1).Zip(shape.Skip((int)outside + 1)), pair => Assert.Equal(pair.Second, pair.First));
    }

    private static byte[] Volume(out Sample sample)
    {
        sample = Sample.Random(new Random(1), [20, 30, 40], ElementType.UInt8);
        return new NiftiFile([40, 30, 20, 1, 1], ElementType.UInt8).Make(sample);
    }

    /// <summary>A gzip file of some members, as pigz and bgzip write them.</summary>
    private static byte[] Compress(byte[] content, int members)
    {
        using MemoryStream file = new();
        foreach (byte[] part in content.Chunk((content.Length + members - 1) / members))
        {
            using GZipStream gzip = new(file, CompressionLevel.Fastest, leaveOpen: true);
            gzip.Write(part);
        }

        return file.ToArray();
    }

    private static byte[] Expand(byte[] file)
    {
        using GZipStream gzip = new(new MemoryStream(file), CompressionMode.Decompress);
        using MemoryStream content = new();
        gzip.CopyTo(content);
        return content.ToArray();
    }

    private static OutputLayout Scratch(string name, SequentialHeader header) => SequentialFiles.ScratchLayout(
        name, header.Info.Shape, header.Info.Type, header.Info.Axes!, $"{name}.scratch", "plan1");

    private async Task<SequentialHeader> HeaderAsync(string name) =>
        await SequentialFiles.ReadHeaderAsync(new StoreLocation(folder.Store, name), Cancelled);

    private async Task<byte[]> IngestAsync(string name, SequentialHeader header)
    {
        IArrayWriter writer = ArrayWriters.Create(folder.Store, Scratch(name, header));
        await SequentialFiles.IngestAsync(new StoreLocation(folder.Store, name), header.Identity, writer, null, Cancelled);
        Assert.True(await writer.CommitAsync(WriteCondition.Always, Cancelled));
        return await Sample.ReadAllAsync(folder.At($"{name}.scratch"));
    }

    private async Task IsCorruptAsync(string name)
    {
        SequentialHeader header = await HeaderAsync(name);
        CorruptDataException error = await Assert.ThrowsAsync<CorruptDataException>(() => IngestAsync(name, header));
        Assert.Contains(name, error.Message);
    }
}
