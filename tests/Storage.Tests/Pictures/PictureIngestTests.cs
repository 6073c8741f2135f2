using System.Buffers.Binary;
using NetVips;
using Upweave.Storage.Pictures;
using Upweave.Tiling;

namespace Upweave.Storage.Tests.Pictures;

public sealed class PictureIngestTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_GreyPngBySpecification_GivesItsPixels()
    {
        MemoryStore store = new() { ["a.png"] = PngBytes.Write(3, 2, 8, 0, [0, 1, 2, 253, 254, 255]) };
        (PictureHeader header, MemoryArray array) = await Picture.ReadAsync(store, "a.png");
        Assert.Equal([1, 2, 3], header.Info.Shape);
        Assert.Equal([0, 1, 2, 253, 254, 255], array.Content);
    }

    [Fact]
    public async Task Run_RgbPngOf16BitsBySpecification_GivesPlanesInLittleEndian()
    {
        // Two pixels: (0x0102, 0x0304, 0x0506) and (0xF1F2, 0xF3F4, 0xF5F6).
        byte[] row = [1, 2, 3, 4, 5, 6, 0xF1, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6];
        MemoryStore store = new() { ["a.png"] = PngBytes.Write(2, 1, 16, 2, row) };
        (PictureHeader header, MemoryArray array) = await Picture.ReadAsync(store, "a.png");
        Assert.Equal(ElementType.UInt16, header.Info.Type);
        Assert.Equal([2, 1, 0xF2, 0xF1, 4, 3, 0xF4, 0xF3, 6, 5, 0xF6, 0xF5], array.Content);
    }

    [Fact]
    public async Task Run_Palette_GivesItsColours()
    {
        byte[] palette = [10, 20, 30, 40, 50, 60, 70, 80, 90];
        MemoryStore store = new() { ["a.png"] = PngBytes.Write(3, 1, 8, 3, [2, 0, 1], palette) };
        (_, MemoryArray array) = await Picture.ReadAsync(store, "a.png");
        Assert.Equal([70, 10, 40, 80, 20, 50, 90, 30, 60], array.Content);
    }

    [Fact]
    public async Task Run_OneBitTiff_GivesBlackAndWhite()
    {
        MemoryStore store = new() { ["a.tif"] = TiffBytes.Write(8, 1, 1, 1, [0b1010_0110]) };
        (PictureHeader header, MemoryArray array) = await Picture.ReadAsync(store, "a.tif");
        Assert.Equal(ElementType.UInt8, header.Info.Type);
        Assert.Equal([255, 0, 255, 0, 0, 255, 255, 0], array.Content);
    }

    [Fact]
    public async Task Run_FloatTiffBySpecification_GivesItsNumbers()
    {
        byte[] rows = new byte[16];
        float[] numbers = [-1.5f, float.MaxValue, 1e-30f, float.PositiveInfinity];
        for (int at = 0; at < 4; at++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(rows.AsSpan(4 * at), numbers[at]);
        }

        MemoryStore store = new() { ["a.tif"] = TiffBytes.Write(2, 2, 32, 3, rows) };
        (PictureHeader header, MemoryArray array) = await Picture.ReadAsync(store, "a.tif");
        Assert.Equal(ElementType.Float32, header.Info.Type);
        Assert.Equal(rows, array.Content);
    }

    // From where EXIF 2.32 (section 4.6.4, Orientation) says that the stored row 0 and column 0 are.
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(4, false)]
    [InlineData(5, true)]
    [InlineData(6, true)]
    [InlineData(7, true)]
    [InlineData(8, true)]
    public async Task Run_Orientation_GivesTheUprightPicture(int orientation, bool turned)
    {
        const int storedHeight = 40, storedWidth = 50;
        byte[] stored = new byte[storedHeight * storedWidth];
        new Random(orientation).NextBytes(stored);
        MemoryStore store = new() { ["a.tif"] = TiffBytes.Write(storedWidth, storedHeight, 8, 1, stored, orientation) };
        (PictureHeader header, MemoryArray array) = await Picture.ReadAsync(store, "a.tif");
        int height = turned ? storedWidth : storedHeight, width = turned ? storedHeight : storedWidth;
        Assert.Equal([1, height, width], header.Info.Shape);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                (int row, int column) = orientation switch
                {
                    1 => (y, x),
                    2 => (y, width - 1 - x),
                    3 => (height - 1 - y, width - 1 - x),
                    4 => (height - 1 - y, x),
                    5 => (x, y),
                    6 => (width - 1 - x, y),
                    7 => (width - 1 - x, height - 1 - y),
                    _ => (x, height - 1 - y),
                };
                Assert.Equal(stored[(row * storedWidth) + column], array.Content[(y * width) + x]);
            }
        }
    }

    // Both hold the whole picture while they decode it, so both go another way through the decoder.
    [Theory]
    [InlineData(".webp[lossless]")]
    [InlineData(".png[interlace]")]
    public async Task Run_PictureDecodedWhole_GivesItsPixels(string format)
    {
        byte[] pixels = new byte[37 * 41 * 3];
        new Random(12).NextBytes(pixels);
        using Image image = Image.NewFromMemory(pixels, 41, 37, 3, Enums.BandFormat.Uchar);
        using Image coloured = image.Copy(interpretation: Enums.Interpretation.Srgb);
        MemoryStore store = new() { ["a.png"] = coloured.WriteToBuffer(format) };
        (PictureHeader header, MemoryArray array) = await Picture.ReadAsync(store, "a.png");
        Assert.True(header.DecoderBytes > pixels.Length);
        for (int at = 0; at < pixels.Length; at++)
        {
            Assert.Equal(pixels[at], array.Content[(at % 3 * 37 * 41) + (at / 3)]);
        }
    }

    [Fact]
    public async Task Run_SomeTilesDone_WritesTheOthers()
    {
        MemoryStore store = new();
        MemoryArray written = Picture.Noise([1, 20, 20], ElementType.UInt8, [1, 20, 20], seed: 10);
        await Picture.WriteAsync(written, store, "a.png");
        PictureHeader header = await PictureHeader.ReadAsync(store, "a.png", Token);
        MemoryArray read = new(header.Info.Shape, header.Info.Type, [1, 10, 10]);
        read.Done.Add(2);
        await PictureIngest.RunAsync(store, "a.png", header.Identity, read, null, Token);
        Assert.Equal(4, read.Done.Count);
        Assert.Equal(written.Content[..200], read.Content[..200]);
        Assert.All(
            Enumerable.Range(10, 10),
            y => Assert.All(read.Content[(20 * y)..((20 * y) + 10)], element => Assert.Equal(0, element)));
    }

    [Fact]
    public async Task Run_PictureReplacedSincePlanning_IsRefused()
    {
        MemoryStore store = new() { ["a.png"] = PngBytes.Write(2, 1, 8, 0, [1, 2]) };
        PictureHeader header = await PictureHeader.ReadAsync(store, "a.png", Token);
        store["a.png"] = PngBytes.Write(2, 1, 8, 0, [3, 4]);
        MemoryArray array = new(header.Info.Shape, header.Info.Type, header.Info.Shape);
        await Assert.ThrowsAsync<ObjectChangedException>(
            () => PictureIngest.RunAsync(store, "a.png", header.Identity, array, null, Token));
    }

    [Fact]
    public async Task Run_TargetOfAnotherShape_IsRefused()
    {
        MemoryStore store = new() { ["a.png"] = PngBytes.Write(2, 1, 8, 0, [1, 2]) };
        PictureHeader header = await PictureHeader.ReadAsync(store, "a.png", Token);
        MemoryArray array = new([1, 2, 2], ElementType.UInt8, [1, 2, 2]);
        await Assert.ThrowsAsync<InvalidArrayException>(
            () => PictureIngest.RunAsync(store, "a.png", header.Identity, array, null, Token));
    }
}
