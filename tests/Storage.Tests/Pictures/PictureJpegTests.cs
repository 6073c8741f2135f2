using NetVips;
using Upweave.Storage.Pictures;

namespace Upweave.Storage.Tests.Pictures;

/// <summary>JPEG keeps flat areas within a few levels, so the pictures here are of flat areas.</summary>
public sealed class PictureJpegTests
{
    private const int Tolerance = 3;

    [Fact]
    public async Task Ingest_ExifOrientation_GivesTheUprightPicture()
    {
        // Stored: the left half red, the right half blue. Orientation 6 turns it a quarter clockwise: red above, blue
        // below.
        using Image red = Flat(16, 24, 200, 10, 30);
        using Image blue = Flat(16, 24, 20, 40, 220);
        using Image stored = red.Join(blue, Enums.Direction.Horizontal);
        using Image tagged = stored.Mutate(image => image.Set(GValue.GIntType, "orientation", 6));
        MemoryStore store = new() { ["a.jpg"] = tagged.JpegsaveBuffer(q: 95, subsampleMode: Enums.ForeignSubsample.Off) };
        (PictureHeader header, MemoryArray array) = await Picture.ReadAsync(store, "a.jpg");
        Assert.Equal([3, 32, 24], header.Info.Shape);
        Assert.Equal("jpeg", header.Info.Format);
        AssertFlat(array, channel: 0, rows: 0..16, 200);
        AssertFlat(array, channel: 0, rows: 16..32, 20);
        AssertFlat(array, channel: 2, rows: 0..16, 30);
        AssertFlat(array, channel: 2, rows: 16..32, 220);
    }

    [Fact]
    public async Task Ingest_Cmyk_BecomesRgb()
    {
        using Image ink = Flat(16, 16, 0, 0, 0).Bandjoin(0).Copy(interpretation: Enums.Interpretation.Cmyk);
        MemoryStore store = new() { ["a.jpg"] = ink.JpegsaveBuffer(q: 95) };
        (PictureHeader header, MemoryArray array) = await Picture.ReadAsync(store, "a.jpg");
        Assert.Equal([3, 16, 16], header.Info.Shape);
        Assert.Equal(ElementType.UInt8, header.Info.Type);
        Assert.All(array.Content, element => Assert.InRange(element, 255 - Tolerance, 255));
    }

    [Fact]
    public async Task Ingest_Progressive_GivesItsPixels()
    {
        using Image flat = Flat(40, 30, 90, 120, 150);
        MemoryStore store = new() { ["a.jpg"] = flat.JpegsaveBuffer(q: 95, interlace: true) };
        (PictureHeader header, MemoryArray array) = await Picture.ReadAsync(store, "a.jpg");
        Assert.Equal([3, 30, 40], header.Info.Shape);
        AssertFlat(array, channel: 1, rows: 0..30, 120);
    }

    private static Image Flat(int width, int height, params double[] colour) =>
        (Image.Black(width, height, bands: 3) + colour).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);

    private static void AssertFlat(MemoryArray array, int channel, Range rows, int level)
    {
        int height = (int)array.Info.Shape[1], width = (int)array.Info.Shape[2];
        byte[] plane = array.Content[(channel * height * width)..((channel + 1) * height * width)];
        Assert.All(
            plane[(rows.Start.Value * width)..(rows.End.Value * width)],
            element => Assert.InRange(element, level - Tolerance, level + Tolerance));
    }
}
