using System.Runtime.InteropServices;
using Upweave.Storage.Arrays;
using Upweave.Storage.Pictures;
using Upweave.Tiling;

namespace Upweave.Storage.Tests.Pictures;

/// <summary>Previews, by the bytes of their PNG.</summary>
public sealed class ArrayPreviewTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Png_SmallPictureOfBytes_IsThatPicture()
    {
        MemoryArray array = Picture.Noise([3, 5, 7], ElementType.UInt8, [1, 8, 8], seed: 5);
        (int width, int height, int bits, int colour, byte[] rows) = PngBytes.Read(await ArrayPreview.PngAsync(array, 512, Cancelled));
        Assert.Equal((7, 5, 8, 2), (width, height, bits, colour));
        Assert.Equal(Enumerable.Range(0, 105).Select(at => array.Content[(at % 3 * 35) + (at / 3)]), rows);
    }

    /// <summary>As numpy and zarr have pictures that came from other software.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Png_ColoursSideBySideAndNoAxes_IsThatPicture(int channels)
    {
        MemoryArray array = Picture.Noise([5, 7, channels], ElementType.UInt8, [8, 8, channels], seed: 5);
        (int width, int height, int bits, int colour, byte[] rows) = PngBytes.Read(await ArrayPreview.PngAsync(array, 512, Cancelled));
        Assert.Equal((7, 5, 8, 2), (width, height, bits, colour));
        Assert.Equal(Enumerable.Range(0, 105).Select(at => array.Content[(at / 3 * channels) + (at % 3)]), rows);
    }

    [Fact]
    public async Task Png_LargePlane_ShowsSingleElementsAtEvenDistances()
    {
        ushort[] ramp = [.. Enumerable.Range(0, 40 * 100).Select(at => (ushort)(at % 100 * 600))];
        MemoryArray array = new([40, 100], ElementType.UInt16, [40, 100], MemoryMarshal.AsBytes<ushort>(ramp).ToArray());
        (int width, int height, _, int colour, byte[] rows) = PngBytes.Read(await ArrayPreview.PngAsync(array, 10, Cancelled));
        Assert.Equal((10, 4, 0), (width, height, colour));
        // Columns 5, 15, ... 95, stretched between the first and the last of them.
        byte[] expected = [.. Enumerable.Range(0, 10).Select(column => (byte)Math.Round(255 * column / 9.0))];
        Assert.Equal(Enumerable.Repeat(expected, 4).SelectMany(row => row), rows);
    }

    [Fact]
    public async Task Png_Volume_ShowsThreeMiddlePlanes()
    {
        // Value = z + 10 y + 100 x would not fit a byte; what matters is where each came from.
        (int depth, int height, int width) = (3, 4, 6);
        byte[] bytes = [.. Enumerable.Range(0, depth * height * width).Select(at => (byte)(1 + at))];
        byte At(int z, int y, int x) => bytes[(((z * height) + y) * width) + x];
        MemoryArray array = new([depth, height, width], ElementType.UInt8, [1, 1, 1], bytes, axes: "zyx");
        (int pixelsAcross, int pixelsDown, _, _, byte[] rows) = PngBytes.Read(await ArrayPreview.PngAsync(array, 512, Cancelled));
        Assert.Equal((width + 4 + depth, height + 4 + depth), (pixelsAcross, pixelsDown));
        for (int row = 0; row < pixelsDown; row++)
        {
            for (int column = 0; column < pixelsAcross; column++)
            {
                byte expected = (row, column) switch
                {
                    _ when row < height && column < width => At(1, row, column),
                    _ when row < height && column >= width + 4 => At(column - width - 4, row, 3),
                    _ when row >= height + 4 && column < width => At(row - height - 4, 2, column),
                    _ => 0,
                };
                Assert.Equal(expected, rows[(row * pixelsAcross) + column]);
            }
        }
    }

    [Fact]
    public async Task Png_NotANumber_IsBlack()
    {
        float[] values = [float.NaN, 1, 2, 3];
        MemoryArray array = new([1, 4], ElementType.Float32, [1, 4], MemoryMarshal.AsBytes<float>(values).ToArray());
        (_, _, _, _, byte[] rows) = PngBytes.Read(await ArrayPreview.PngAsync(array, 512, Cancelled));
        Assert.Equal([0, 0, 128, 255], rows);
    }
}
