using NetVips;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Tests;
using Upweave.Tiling;

namespace Upweave.Storage.Tests.Tiff;

public sealed class TiffWriterTests : IDisposable
{
    private static readonly ElementType[] Types = [.. Enum.GetValues<ElementType>().Where(type => type != ElementType.Bool)];

    private static readonly ElementType[] OmeTypes =
        [.. Types.Where(type => type is not (ElementType.Int64 or ElementType.UInt64 or ElementType.Float16))];

    private readonly TestFolder folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Write_RandomArrays_TheFileHoldsThem()
    {
        Random random = new(20);
        for (int time = 0; time < 150; time++)
        {
            bool isOme = random.Next(3) == 0;
            string axes = new[] { "yx", "cyx", "zyx", "czyx", "ncyx", "nczyx" }[random.Next(6)];
            Dims shape = Dims.Build(axes.Length, axis => axes[axis] is 'y' or 'x' ? random.Next(1, 90)
                : axes[axis] == 'c' ? random.Next(1, 20) : random.Next(1, 4));
            ElementType[] types = isOme ? OmeTypes : Types;
            Sample sample = Sample.Random(random, shape, types[time % types.Length]);
            Dims chunk = Dims.Build(axes.Length, axis => axes[axis] is 'y' or 'x' ? 16 * random.Next(1, 4) : 1);
            int channels = axes.Contains('c', StringComparison.Ordinal) ? (int)shape[axes.IndexOf('c', StringComparison.Ordinal)] : 1;
            Dims tile = Dims.Build(axes.Length, axis => axes[axis] switch
            {
                'y' or 'x' => chunk[axis] * random.Next(1, 4),
                'c' => isOme || channels > 16 ? random.Next(1, channels + 1) : channels,
                'n' => 1,
                _ => random.Next(1, 4),
            });
            OutputLayout layout = TiffSample.Layout(sample, axes, tile, chunk, isOme);
            long[] order = [.. TiffSample.LongRange(layout.Tiles().Count)];
            random.Shuffle(order);
            await TiffSample.WriteAsync(folder.Store, sample, layout, [.. order, order[0]]);
            Assert.Equal(order.Length, (await TiffSample.DoneAsync(folder.Store, layout)).Length);
            Assert.True(await TiffSample.CommitAsync(folder.Store, layout));
            PlainTiff file = await TiffSample.CheckAsync(folder.Store, sample, layout);
            Assert.False(file.IsBig);
            await folder.Store.DeleteAsync("out", Cancelled);
            await folder.Store.DeleteAllAsync("out.upweave", Cancelled);
        }
    }

    /// <summary>libvips reads pages below each other, and knows no elements of 64 bits and no float16.</summary>
    [Theory]
    [InlineData(ElementType.UInt8, "cyx", new long[] { 3, 70, 50 }, false)]
    [InlineData(ElementType.UInt8, "cyx", new long[] { 4, 70, 50 }, false)]
    [InlineData(ElementType.UInt16, "cyx", new long[] { 2, 33, 50 }, false)]
    [InlineData(ElementType.UInt16, "cyx", new long[] { 3, 33, 50 }, false)]
    [InlineData(ElementType.Int8, "yx", new long[] { 33, 50 }, false)]
    [InlineData(ElementType.Int16, "zyx", new long[] { 5, 33, 50 }, false)]
    [InlineData(ElementType.UInt32, "yx", new long[] { 33, 50 }, false)]
    [InlineData(ElementType.Int32, "yx", new long[] { 33, 50 }, false)]
    [InlineData(ElementType.Float32, "cyx", new long[] { 3, 100, 130 }, false)]
    [InlineData(ElementType.Float32, "cyx", new long[] { 7, 20, 30 }, false)]
    [InlineData(ElementType.UInt8, "czyx", new long[] { 2, 3, 33, 50 }, true)]
    public async Task Write_Array_LibvipsReadsTheSame(ElementType type, string axes, long[] shape, bool isOme)
    {
        Sample sample = Sample.Random(new Random(21), Dims.Create(shape), type);
        Dims chunk = Dims.Build(shape.Length, axis => axis < shape.Length - 2 ? 1 : 32);
        Dims tile = Dims.Build(shape.Length, axis => axis < shape.Length - 2 ? shape[axis] : 64);
        OutputLayout layout = TiffSample.Layout(sample, axes, tile, chunk, isOme);
        await TiffSample.WriteAsync(folder.Store, sample, layout, TiffSample.LongRange(layout.Tiles().Count));
        Assert.True(await TiffSample.CommitAsync(folder.Store, layout));
        bool isChunky = axes == "cyx" && !isOme;
        using Image image = Image.Tiffload(folder.At("out"), n: isChunky ? 1 : -1);
        int bands = isChunky ? (int)shape[0] : 1;
        Assert.Equal((shape[^1], bands), (image.Width, image.Bands));
        Assert.Equal(sample.Shape.Volume / shape[^1] / bands, image.Height);
        byte[] pixels = image.RawsaveBuffer();
        int size = sample.ElementBytes;
        for (int at = 0; at < sample.Bytes.Length / size; at++)
        {
            int plane = image.Width * image.Height;
            int pixel = isChunky ? (at % plane * bands) + (at / plane) : at;
            Assert.Equal(sample.Bytes.AsSpan(at * size, size), pixels.AsSpan(pixel * size, size));
        }
    }

    [Fact]
    public async Task Write_UniformArray_TakesFewBytes()
    {
        Sample sample = new([1024, 1024], ElementType.UInt16, new byte[2 << 20]);
        OutputLayout layout = TiffSample.Layout(sample, "yx", [1024, 1024], [256, 256]);
        await TiffSample.WriteAsync(folder.Store, sample, layout, 0);
        Assert.True(await TiffSample.CommitAsync(folder.Store, layout));
        Assert.InRange((await TiffSample.FileAsync(folder.Store)).Length, 1000, 20_000);
    }

    [Fact]
    public async Task Copy_ArrayWithoutNamedAxes_IsTiledForTheFormat()
    {
        foreach (Dims shape in new Dims[] { [40, 30], [3, 40, 30], [20, 40, 30], [2, 3, 40, 30], [2, 2, 3, 40, 30] })
        {
            Sample sample = Sample.Random(new Random(22), shape, ElementType.UInt16);
            ArrayInfo info = new() { Format = "npy", Shape = shape, Type = sample.Type };
            OutputLayout layout = CopyLayout.For(info, OutputFormat.Tiff, "out", TiffSample.Plan);
            await TiffSample.WriteAsync(folder.Store, sample, layout, TiffSample.LongRange(layout.Tiles().Count));
            Assert.True(await TiffSample.CommitAsync(folder.Store, layout));
            PlainTiff file = new(await TiffSample.FileAsync(folder.Store));
            Assert.Equal(shape.Count switch { 2 => 1, 3 => shape[0] == 3 ? 1 : 20, 4 => 3, _ => 2 * 3 }, file.Pages.Count);
            await folder.Store.DeleteAsync("out", Cancelled);
            await folder.Store.DeleteAllAsync("out.upweave", Cancelled);
        }
    }

    [Theory]
    [InlineData(100_000_000, 512)]
    [InlineData(512, 100_000_000)]
    [InlineData(300_000, 300_000)]
    [InlineData(3, 5)]
    public void Copy_AnyShape_MakesNoMoreBlocksThanABlobHas(long height, long width)
    {
        ArrayInfo info = new() { Format = "npy", Shape = [height, width], Type = ElementType.UInt8 };
        OutputLayout layout = CopyLayout.For(info, OutputFormat.Tiff, "out", TiffSample.Plan);
        Assert.Equal(layout, ArrayWriters.Create(folder.Store, layout).Layout);
    }

    [Theory]
    [InlineData(ElementType.Bool, "yx", false, "bool")]
    [InlineData(ElementType.Int64, "yx", true, "int64")]
    [InlineData(ElementType.UInt8, "cx", false, "axes of space")]
    public void Create_ArrayThatNoTiffCanBe_SaysWhy(ElementType type, string axes, bool isOme, string reason)
    {
        Sample sample = new([32, 32], type, []);
        InvalidArrayException error = Assert.Throws<InvalidArrayException>(
            () => ArrayWriters.Create(folder.Store, TiffSample.Layout(sample, axes, [32, 32], [32, 32], isOme)));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Hint);
    }

    [Theory]
    [InlineData(new long[] { 32, 32 }, new long[] { 32, 20 })]
    [InlineData(new long[] { 40, 32 }, new long[] { 32, 32 })]
    [InlineData(new long[] { 8192, 8192 }, new long[] { 8192, 8192 })]
    public void Create_TilesThatAreNotWholeTiffTiles_AreRefused(long[] tile, long[] chunk)
    {
        Sample sample = new([8192, 8192], ElementType.UInt8, []);
        Assert.Throws<ArgumentException>(
            () => ArrayWriters.Create(folder.Store, TiffSample.Layout(sample, "yx", Dims.Create(tile), Dims.Create(chunk))));
    }

    [Fact]
    public void Create_MoreBlocksThanABlobCanHave_IsRefused()
    {
        Sample sample = new([16, 16 * 50_000], ElementType.UInt8, []);
        Assert.Throws<ArgumentException>(() => ArrayWriters.Create(folder.Store, TiffSample.Layout(sample, "yx", [16, 16], [16, 16])));
    }

    public void Dispose() => folder.Dispose();
}
