using System.Globalization;
using System.Xml.Linq;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Storage.Tiff;
using Upweave.Tests;
using Upweave.Tiling;

namespace Upweave.Storage.Tests.Tiff;

/// <summary>What is written around the pixels.</summary>
public sealed class TiffDirectoryTests : IDisposable
{
    private static readonly XNamespace Ome = "http://www.openmicroscopy.org/Schemas/OME/2016-06";

    private readonly TestFolder folder = new();

    [Fact]
    public async Task Ome_Array_IsDescribedByTheSchema()
    {
        Sample sample = Sample.Random(new Random(40), [2, 3, 4, 20, 30], ElementType.UInt16);
        OutputLayout layout = TiffSample.Layout(sample, "nczyx", [1, 3, 2, 32, 32], [1, 1, 1, 32, 32], isOme: true) with
        {
            Space = ArraySpace.Of("zyx", [2, 0.5, 0.25], [0, 0, 0], ["micrometer", "nanometer", null]),
        };
        PlainTiff file = await WriteAsync(sample, layout);
        XElement root = XDocument.Parse(file.Text(0, 270)!).Root!;
        Assert.Equal(Ome + "OME", root.Name);
        XElement pixels = root.Element(Ome + "Image")!.Element(Ome + "Pixels")!;
        string Of(string name) => pixels.Attribute(name)!.Value;
        Assert.Equal(("XYZCT", "uint16", "false"), (Of("DimensionOrder"), Of("Type"), Of("BigEndian")));
        Assert.Equal(("30", "20", "4", "3", "2"), (Of("SizeX"), Of("SizeY"), Of("SizeZ"), Of("SizeC"), Of("SizeT")));
        Assert.Equal(("2", "\u00B5m"), (Of("PhysicalSizeZ"), Of("PhysicalSizeZUnit")));
        Assert.Equal(("0.5", "nm"), (Of("PhysicalSizeY"), Of("PhysicalSizeYUnit")));
        Assert.Equal(("0.25", "reference frame"), (Of("PhysicalSizeX"), Of("PhysicalSizeXUnit")));
        Assert.Equal(3, pixels.Elements(Ome + "Channel").Count());
        Assert.Equal("24", pixels.Element(Ome + "TiffData")!.Attribute("PlaneCount")!.Value);
        XElement comment = root.Element(Ome + "StructuredAnnotations")!.Element(Ome + "CommentAnnotation")!;
        Assert.Equal(TiffSample.Provenance, comment.Element(Ome + "Value")!.Value);
        string reference = root.Element(Ome + "Image")!.Element(Ome + "AnnotationRef")!.Attribute("ID")!.Value;
        Assert.Equal(comment.Attribute("ID")!.Value, reference);
        Assert.Null(file.Text(1, 270));
    }

    [Fact]
    public async Task Plain_Array_HasItsProvenanceSoftwareAndResolution()
    {
        Sample sample = Sample.Random(new Random(41), [4, 20, 30], ElementType.UInt8);
        OutputLayout layout = TiffSample.Layout(sample, "cyx", [4, 32, 32], [1, 32, 32]) with
        {
            Space = ArraySpace.Of("yx", [0.5, 0.25], [0, 0], ["micrometer", "micrometer"]),
        };
        PlainTiff file = await WriteAsync(sample, layout);
        Assert.Equal(TiffSample.Provenance, file.Text(0, 270));
        Assert.StartsWith("Upweave ", file.Text(0, 305), StringComparison.Ordinal);
        Assert.Equal((40_000.0, 20_000.0, 3L), (file.Pages[0][282][0], file.Pages[0][283][0], file.Number(0, 296)));
        // Red, green and blue, and an alpha that pixels were not multiplied by.
        Assert.Equal((2L, 4L, 2L), (file.Number(0, 262), file.Number(0, 277), file.Number(0, 338)));
        Assert.False(file.Pages[0].ContainsKey(33550));
    }

    /// <summary>Points of a map, one by its corner and one by its centre: GeoTIFF 1.1, sections 7.1.2.2 and B.6.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Geo_NorthUp_HasScaleAndTiePoint(ushort rasterType)
    {
        ArraySpace space = ArraySpace.Of("yx", [-10, 30], [5_000_000, 400_000]);
        PlainTiff file = await WriteMapAsync(space, rasterType);
        double[] scale = file.Pages[0][33550];
        double[] tie = file.Pages[0][33922];
        Assert.Equal([30, 10, 0], scale);
        // The raster coordinates of the first pixel's centre.
        double centre = rasterType == 1 ? 0.5 : 0;
        Assert.Equal(400_000, tie[3] + ((centre - tie[0]) * scale[0]));
        Assert.Equal(5_000_000, tie[4] - ((centre - tie[1]) * scale[1]));
        Assert.Equal("-9999", file.Text(0, 42113));
        Assert.Equal([1, 1, 0, 1, 1025, 0, 1, rasterType], file.Pages[0][34735]);
        Assert.Equal([1.5], file.Pages[0][34736]);
        Assert.Equal("WGS 84|", file.Text(0, 34737));
        Assert.False(file.Pages[0].ContainsKey(34264));
    }

    [Fact]
    public async Task Geo_Rotated_HasAMatrix()
    {
        ArraySpace space = ArraySpace.Of("yx", [1, 1], [0, 0]) with { Affine = [[-8, 6, 1000], [6, 8, 2000]] };
        PlainTiff file = await WriteMapAsync(space, rasterType: 1);
        double[] matrix = file.Pages[0][34264];
        (double X, double Y) At(double column, double row) => (
            (matrix[0] * column) + (matrix[1] * row) + matrix[3], (matrix[4] * column) + (matrix[5] * row) + matrix[7]);
        Assert.Equal((2000, 1000), At(0.5, 0.5));
        Assert.Equal((2008, 1006), At(1.5, 0.5));
        Assert.Equal((2006, 992), At(0.5, 1.5));
        Assert.False(file.Pages[0].ContainsKey(33550));
    }

    [Theory]
    [InlineData(1 << 20, false)]
    [InlineData(int.MaxValue - 100, true)]
    [InlineData(1L << 40, true)]
    public void Frame_OffsetsBeyond2GiB_AreOf64Bits(long offset, bool isBig)
    {
        Sample sample = new([3, 40, 40], ElementType.UInt8, []);
        OutputLayout layout = TiffSample.Layout(sample, "zyx", [3, 32, 48], [1, 32, 48]);
        TiffShape shape = TiffShape.Of(layout);
        TiffFrame frame = new(shape, new TiffBlocks(shape, layout), new TiffTags(shape, layout), "out");
        PlacedBlock[] placed = [.. frame.Blocks.Select(
            (index, at) => new PlacedBlock(new FloatingBlock(index, 60, TiffBlocks.Note([10, 20, 30])), offset + (at * 100)))];
        long start = offset + 301;
        FileEnds ends = frame.Build(placed, start);
        byte[] tail = [.. ends.Tail.SelectMany(piece => piece.ToArray())];
        Assert.InRange(tail.Length, 1, frame.TailBytesMax);
        PlainTiff file = new(tail, ends.Head.ToArray(), start);
        file.CheckPlaces();
        Assert.Equal((isBig, 3), (file.IsBig, file.Pages.Count));
        Assert.Equal([offset + 10, offset + 110], file.Pages[1][324].Select(value => (long)value));
        Assert.Equal([30, 30], file.Pages[2][325]);
    }

    [Fact]
    public void Frame_NoteThatContradictsItsBlock_IsCorrupt()
    {
        Sample sample = new([3, 40, 40], ElementType.UInt8, []);
        OutputLayout layout = TiffSample.Layout(sample, "zyx", [3, 48, 48], [1, 48, 48]);
        TiffShape shape = TiffShape.Of(layout);
        TiffFrame frame = new(shape, new TiffBlocks(shape, layout), new TiffTags(shape, layout), "out");
        Random random = new(42);
        for (int time = 0; time < 1000; time++)
        {
            byte[] note = new byte[BlockNote.BytesMax];
            random.NextBytes(note.AsSpan(0, random.Next(8)));
            FloatingBlock block = new(1, random.Next(1, 1 << 24), new BlockNote(note));
            long sum = (note[0] | (note[1] << 8) | (note[2] << 16)) + (note[3] | (note[4] << 8) | (note[5] << 16));
            bool isGood = (note[0] | note[1] | note[2]) != 0 && (note[3] | note[4] | note[5]) != 0 && sum < block.Length;
            if (isGood)
                frame.Build([new PlacedBlock(block, 16)], 1 << 20);
            else
                Assert.Throws<CorruptDataException>(() => frame.Build([new PlacedBlock(block, 16)], 1 << 20));
        }
    }

    public void Dispose() => folder.Dispose();

    private async Task<PlainTiff> WriteMapAsync(ArraySpace space, ushort rasterType)
    {
        Sample sample = Sample.Random(new Random(43), [20, 30], ElementType.Float32);
        OutputLayout layout = TiffSample.Layout(sample, "yx", [32, 32], [32, 32]) with
        {
            Space = space with
            {
                Georeference = new GeoReference
                {
                    Keys = [1, 1, 0, 1, 1025, 0, 1, rasterType],
                    Doubles = [1.5],
                    Text = "WGS 84|",
                    NoData = (-9999).ToString(CultureInfo.InvariantCulture),
                },
            },
        };
        return await WriteAsync(sample, layout);
    }

    private async Task<PlainTiff> WriteAsync(Sample sample, OutputLayout layout)
    {
        await TiffSample.WriteAsync(folder.Store, sample, layout, TiffSample.LongRange(layout.Tiles().Count));
        Assert.True(await TiffSample.CommitAsync(folder.Store, layout));
        return await TiffSample.CheckAsync(folder.Store, sample, layout);
    }
}
