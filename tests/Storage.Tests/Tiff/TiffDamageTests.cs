using System.IO.Compression;
using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Storage.Tests.Tiff;

public sealed class TiffDamageTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Read_StripBeyondTheEnd_NamesFilePageAndStrip()
    {
        TiffBuilder two = TiffBuilder.Grey(4, 4).With(278, 2).WithData(false, new byte[8], new byte[8]).Page()
            .With(273, 8, 5000).Page();
        CorruptDataException error = await AssertCorruptAsync(two);
        Assert.Contains("page 1 (from 0), strip 1 has 8 bytes from byte 5000 on", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_StripOfTooFewBytes_SaysHowMany()
    {
        CorruptDataException error = await AssertCorruptAsync(
            TiffBuilder.Grey(4, 4).With(278, 2).WithData(false, new byte[8], new byte[8]).With(279, 8, 7).Page());
        Assert.Contains("strip 1 has 7 bytes where its shape has 8", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(1_000_000)]
    public async Task Read_StripThatDecodesToAnotherSize_IsCorrupt(int size)
    {
        MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(new byte[size]);
        }

        CorruptDataException error = await AssertCorruptAsync(TiffBuilder.Grey(4, 4).With(259, 8).WithData(false, packed.ToArray()).Page());
        Assert.Contains("where its shape has 16", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A small file that claims a large tile costs no large array.</summary>
    [Theory]
    [InlineData(8)]
    [InlineData(5)]
    [InlineData(32773)]
    [InlineData(50000)]
    public async Task Read_StripThatCannotBecomeItsShape_IsCorrupt(int compression)
    {
        CorruptDataException error = await AssertCorruptAsync(
            TiffBuilder.Grey(16_000, 16_000).With(259, compression).WithData(false, new byte[20]).Page());
        Assert.Contains("strip 0 has 20 bytes, which cannot become the 256000000 of its shape", error.Message, StringComparison.Ordinal);
    }

    /// <summary>About the most that each way of compression makes of a byte: no damage.</summary>
    [Theory]
    [InlineData("zip")]
    [InlineData("lzw")]
    [InlineData("packbits")]
    [InlineData("zstd")]
    public async Task Read_PictureOfOneColour_IsRead(string compression)
    {
        byte[] read = await Sample.ReadAllAsync(TiffFiles.Path($"constant_{compression}"));
        Assert.Equal(1000 * 1600, read.Length);
        Assert.Equal(-1, read.IndexOfAnyExcept((byte)7));
    }

    [Fact]
    public async Task Read_LastStripWithTheRowsOfTheOthers_IsCut()
    {
        // Three rows in strips of two; both hold two, in PackBits.
        folder.Write("a.tif", TiffBuilder.Grey(2, 3).With(278, 2).With(259, 32773)
            .WithData(false, [3, 1, 2, 3, 4], [3, 5, 6, 7, 8]).Page().ToArray());
        Assert.Equal([1, 2, 3, 4, 5, 6], await Sample.ReadAllAsync(folder.At("a.tif")));
    }

    [Fact]
    public async Task Open_PagesInACircle_IsRefused() => await AssertInvalidAsync(
        TiffBuilder.Grey(4, 4).WithData(false, new byte[16]).Page().Page().NextIs(24), "circle");

    [Theory]
    [InlineData(256, 0, "0 x 4 pixels")]
    [InlineData(278, 0, "4 x 0 pixels")]
    [InlineData(277, 0, "0 samples")]
    [InlineData(258, 1, "samples of 1 bits")]
    [InlineData(258, 12, "samples of 12 bits")]
    [InlineData(339, 6, "format 6")]
    [InlineData(259, 34712, "compressed in the way 34712")]
    [InlineData(262, 3, "palette")]
    [InlineData(262, 5, "colours of the kind 5")]
    [InlineData(274, 6, "orientation 6")]
    [InlineData(266, 2, "reverse order")]
    [InlineData(32997, 3, "3 slices")]
    public async Task Open_FieldOfAnotherKind_IsRefusedByIt(ushort tag, long value, string message) => await AssertInvalidAsync(
        TiffBuilder.Grey(4, 4).WithData(false, new byte[16]).With(tag, value).Page(), message);

    [Fact]
    public async Task Open_FewerOffsetsThanStrips_IsRefused() => await AssertInvalidAsync(
        TiffBuilder.Grey(4, 4).With(278, 1).WithData(false, new byte[4], new byte[4]).Page(), "fewer offsets than the 4 strips");

    [Fact]
    public async Task Open_HugeCompressedStrip_IsRefusedWithAHint()
    {
        InvalidArrayException error = await AssertInvalidAsync(
            TiffBuilder.Grey(40_000, 40_000).With(259, 5).WithData(false, new byte[16]).Page(), "decoded whole");
        Assert.Contains("--tile", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_TifffilesTruncatedSeries_IsRefused() => await AssertInvalidAsync(
        TiffBuilder.Grey(4, 4).WithData(false, new byte[48]).With(270, "{\"shape\": [3, 4, 4], \"truncated\": true}").Page(), "no page describes");

    [Fact]
    public async Task Read_PlainStripsWithoutByteCounts_NeedsNone()
    {
        folder.Write("a.tif", TiffBuilder.Grey(2, 3).With(278, 2).WithData(false, [1, 2, 3, 4], [5, 6]).Without(279).Page().ToArray());
        Assert.Equal([1, 2, 3, 4, 5, 6], await Sample.ReadAllAsync(folder.At("a.tif")));
    }

    [Fact]
    public async Task Open_ImageJsImagesThatAreNotThere_IsRefused()
    {
        TiffBuilder page = TiffBuilder.Grey(4, 4).WithData(false, new byte[16]).With(270, "ImageJ=1.53\nimages=700\nslices=700\n");
        await AssertInvalidAsync(page.Page(), "claims 700 images");
        await AssertInvalidAsync(page.Page(), "has 2 pages");
    }

    [Theory]
    [InlineData("<OME><Image><Pixels SizeX=\"4\" SizeY=\"4\" SizeZ=\"1\" SizeC=\"2\" SizeT=\"1\"/></Image></OME>", "has 1 pages")]
    [InlineData("<OME><Image><Pixels SizeX=\"4\" SizeY=\"4\" SizeZ=\"9\" SizeC=\"99999999999\" SizeT=\"1\"/></Image></OME>", "has 1 pages")]
    [InlineData("<OME><Image><Pixels SizeX=\"4\" SizeY=\"4\" SizeZ=\"1\" SizeC=\"1\" SizeT=\"1\"/></Image></OME>", "no page of the file")]
    [InlineData("<OME><Image><Pixels SizeX=\"4\" SizeY=\"4\" SizeZ=\"1\" SizeC=\"1\" SizeT=\"-1\"/></Image></OME>", "not in a correct format")]
    [InlineData("<OME><Image><Pixels SizeX=\"x\" SizeY=\"4\" SizeZ=\"1\" SizeC=\"1\" SizeT=\"1\"/></Image></OME>", "not in a correct format")]
    [InlineData("<OME><BinaryOnly/></OME>", "another file")]
    [InlineData("<OME><Image></OME>", "cannot be used")]
    [InlineData("<!DOCTYPE x [<!ENTITY y \"z\">]><OME>&y;</OME>", "cannot be used")]
    public async Task Open_OmeXmlOfOtherPages_IsRefused(string xml, string message) =>
        await AssertInvalidAsync(TiffBuilder.Grey(4, 4).WithData(false, new byte[16]).With(270, xml).Page(), message);

    [Theory]
    [InlineData("XYCZT", "IFD=\"1\"", "is in page 1")]
    [InlineData("XYCZT", "FirstZ=\"1\"", "beyond")]
    [InlineData("XYCCC", "", "DimensionOrder")]
    [InlineData("XYCZT", "/><TiffData", "more than once")]
    [InlineData("XYCZT", "><UUID FileName=\"b.tif\">urn:b</UUID></TiffData><Other", "in other files")]
    public async Task Open_TiffDataOfOtherPages_IsRefused(string order, string attributes, string message)
    {
        string xml = $"<OME UUID=\"urn:a\"><Image><Pixels DimensionOrder=\"{order}\" SizeX=\"4\" SizeY=\"4\" SizeZ=\"1\" SizeC=\"1\" SizeT=\"1\">"
            + $"<TiffData {attributes}/></Pixels></Image></OME>";
        await AssertInvalidAsync(TiffBuilder.Grey(4, 4).WithData(false, new byte[16]).With(270, xml).Page(), message);
    }

    [Fact]
    public async Task Open_LargerPageAfterTheFirst_IsRefused() => await AssertInvalidAsync(
        TiffBuilder.Grey(4, 4).WithData(false, new byte[16]).Page().With(257, 5).With(278, 5).WithData(false, new byte[20]).Page(),
        "larger than the first");

    [Fact]
    public async Task Read_SmallerPages_AreNotPartOfTheStack()
    {
        // A thumbnail that says so, the picture, one that does not, and a second picture of the same size.
        folder.Write("a.tif", TiffBuilder.Grey(1, 1).With(254, 1).WithData(false, [9]).Page()
            .With(256, 2).With(254, 0).WithData(false, [1, 2]).Page()
            .With(256, 1).WithData(false, [8]).Page()
            .With(256, 2).WithData(false, [3, 4]).Page().ToArray());
        await using IArrayReader reader = await Sample.OpenAsync(folder.At("a.tif"));
        Assert.Equal([2, 1, 2], reader.Info.Shape);
        Assert.Equal([1, 2, 3, 4], await Sample.ReadAsync(reader, Box.Whole(reader.Info.Shape)));
    }

    private async Task<CorruptDataException> AssertCorruptAsync(TiffBuilder builder)
    {
        folder.Write("a.tif", builder.ToArray());
        CorruptDataException error = await Assert.ThrowsAsync<CorruptDataException>(() => Sample.ReadAllAsync(folder.At("a.tif")));
        Assert.Contains("a.tif", error.Message, StringComparison.Ordinal);
        return error;
    }

    private async Task<InvalidArrayException> AssertInvalidAsync(TiffBuilder builder, string message)
    {
        folder.Write("a.tif", builder.ToArray());
        InvalidArrayException error = await Assert.ThrowsAsync<InvalidArrayException>(() => Sample.ReadAllAsync(folder.At("a.tif")));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains("a.tif", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Hint);
        return error;
    }
}
