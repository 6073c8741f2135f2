using System.Buffers.Binary;
using Upweave.Storage.Pictures;
using Upweave.Storage.Stores;
using Upweave.Tiling;

namespace Upweave.Storage.Tests.Pictures;

public sealed class PictureExportTests
{
    [Theory]
    [InlineData(ElementType.UInt8, 1, 0)]
    [InlineData(ElementType.UInt8, 2, 4)]
    [InlineData(ElementType.UInt8, 3, 2)]
    [InlineData(ElementType.UInt8, 4, 6)]
    [InlineData(ElementType.UInt16, 1, 0)]
    [InlineData(ElementType.UInt16, 2, 4)]
    [InlineData(ElementType.UInt16, 3, 2)]
    [InlineData(ElementType.UInt16, 4, 6)]
    public async Task Run_Png_HoldsTheElementsBySpecification(ElementType type, int channels, int colour)
    {
        const int height = 19, width = 23;
        MemoryStore store = new();
        MemoryArray array = Picture.Noise([channels, height, width], type, [1, 8, 8], seed: 5);
        await Picture.WriteAsync(array, store, "a.png");
        (int Width, int Height, int Bits, int Colour, byte[] Rows) png = PngBytes.Read(store["a.png"]);
        Assert.Equal((width, height, 8 * type.Size(), colour), (png.Width, png.Height, png.Bits, png.Colour));
        for (int pixel = 0; pixel < height * width; pixel++)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                int from = (channel * height * width) + pixel;
                int to = (pixel * channels) + channel;
                (int expected, int actual) = type == ElementType.UInt8
                    ? (array.Content[from], png.Rows[to])
                    : (BinaryPrimitives.ReadUInt16LittleEndian(array.Content.AsSpan(2 * from)),
                        BinaryPrimitives.ReadUInt16BigEndian(png.Rows.AsSpan(2 * to)));
                Assert.Equal(expected, actual);
            }
        }
    }

    [Fact]
    public async Task Run_Twice_GivesTheSameBytes()
    {
        MemoryStore first = new();
        MemoryStore second = new();
        MemoryArray array = Picture.Noise([3, 700, 300], ElementType.UInt8, [3, 64, 64], seed: 6);
        await Picture.WriteAsync(array, first, "a.png");
        await Picture.WriteAsync(array, second, "a.png");
        Assert.Equal(first["a.png"], second["a.png"]);
    }

    [Theory]
    [InlineData("a.png", new long[] { 3, 5, 5 }, ElementType.UInt8, 0)]
    [InlineData("a.png", new long[] { 5, 5 }, ElementType.UInt16, 0)]
    [InlineData("a.png", new long[] { 3, 5, 5 }, ElementType.Float32, 1)]
    [InlineData("a.png", new long[] { 5, 5, 5 }, ElementType.UInt8, 1)]
    [InlineData("a.png", new long[] { 5 }, ElementType.UInt8, 1)]
    [InlineData("a.png", new long[] { 1, 3, 5, 5 }, ElementType.Int64, 2)]
    [InlineData("a.png", new long[] { 65536, 65537 }, ElementType.UInt8, 1)]
    [InlineData("a.png", new long[] { 4, 10, 20_000_000 }, ElementType.UInt16, 1)]
    [InlineData("a.png", new long[] { 200_000_000, 10 }, ElementType.UInt8, 1)]
    [InlineData("a.png", new long[] { 1L << 40, 1L << 40 }, ElementType.UInt8, 1)]
    public void Check_Array_FindsEveryProblem(string path, long[] shape, ElementType type, int problems)
    {
        IReadOnlyList<string> found = PictureExport.Check(path, Dims.Create(shape), type);
        Assert.Equal(problems, found.Count);
        Assert.All(found, problem => Assert.Contains(" hint: ", problem, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_UnsupportedType_IsRefused()
    {
        MemoryArray array = Picture.Noise([3, 5, 5], ElementType.Float32, [3, 5, 5], seed: 7);
        InvalidArrayException error = await Assert.ThrowsAsync<InvalidArrayException>(
            () => Picture.WriteAsync(array, new MemoryStore(), "a.png"));
        Assert.Contains("float32", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ReaderFails_ThrowsWhatTheReaderThrew()
    {
        MemoryArray array = Picture.Noise([3, 50, 50], ElementType.UInt8, [3, 5, 5], seed: 8);
        array.FailFromRow = 30;
        CorruptDataException error = await Assert.ThrowsAsync<CorruptDataException>(
            () => Picture.WriteAsync(array, new MemoryStore(), "a.png"));
        Assert.Equal(MemoryArray.Failure, error.Message);
    }

    [Fact]
    public async Task Run_Cancelled_Stops()
    {
        using CancellationTokenSource cancel = new();
        MemoryArray array = Picture.Noise([3, 500, 50], ElementType.UInt8, [3, 5, 5], seed: 9);
        InlineProgress progress = new(_ => cancel.Cancel());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => PictureExport.RunAsync(array, new MemoryStore(), "a.png", "owner", progress, cancel.Token));
    }

    private sealed class InlineProgress(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
