using System.Globalization;
using System.Xml.Linq;

namespace Upweave.Interop.Tests;

/// <summary>OME-TIFF as tifffile, libvips and libtiff read it.</summary>
public sealed class OmeTiffTests : IDisposable
{
    private static readonly XNamespace Ome = "http://www.openmicroscopy.org/Schemas/OME/2016-06";

    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("grey", "YX", "uint8")]
    [InlineData("rgb", "CYX", "uint8")]
    [InlineData("five", "CYX", "float")]
    [InlineData("volume", "ZYX", "uint16")]
    [InlineData("volumes", "CZYX", "float")]
    [InlineData("batch", "TCYX", "float")]
    [InlineData("all", "TCZYX", "uint8")]
    public async Task Run_Tiles_AreWhatTifffileAndVipsRead(string name, string axes, string type)
    {
        Job job = Job.Named(name);
        NpyArray expected = (await job.ExpectedAsync()).Reorder(job.Axes, "nczyx");
        await job.RunAsync(folder, "y.ome.tif", job.TiffTiling);
        Reading reading = Assert.Single(await Readers.PythonAsync(folder, new ReadRequest("y.ome.tif", "tiff")));
        reading.AssertIs(expected.Squeeze());
        Assert.Equal((axes, 1), (reading.Text("axes"), reading["series"].GetInt32()));
        XElement pixels = Pixels(reading);
        string[] fields = [.. new[] { "DimensionOrder", "Type", "SizeT", "SizeC", "SizeZ", "SizeY", "SizeX" }.Select(field => pixels.Attribute(field)?.Value ?? "none")];
        Assert.Equal(["XYZCT", type, .. expected.Shape.Select(extent => extent.ToString(CultureInfo.InvariantCulture))], fields);
        Assert.Equal(expected.Shape[1], pixels.Elements(Ome + "Channel").Count());
        Assert.Contains("\"output\":\"y.ome.tif\"", reading.Text("ome"), StringComparison.Ordinal);
        long[] planes = [expected.Shape[0] * expected.Shape[1], .. expected.Shape[2..], 1];
        (await VipsReader.ReadAsync(folder, "y.ome.tif")).AssertIs(expected with { Shape = planes }, name);
        await LibTiff.ReadAsync(folder, "y.ome.tif");
    }

    [Fact]
    public async Task Run_PlacedInput_HasItsPixelSize()
    {
        new OmeInput("czyx", ElementKinds.Numbers("<u2", 2, 6, 19, 23), [1, 2, 0.5, 0.75], [0, 1, 2, 3]).Write(folder, "x.ome.zarr");
        await folder.SucceedAsync("run x.ome.zarr y.ome.tif --preset linear --scale 2,2,3");
        Reading reading = Assert.Single(await Readers.PythonAsync(folder, new ReadRequest("y.ome.tif", "tiff")));
        XElement pixels = Pixels(reading);
        foreach ((char axis, double size) in (ReadOnlySpan<(char, double)>)[('Z', 1), ('Y', 0.25), ('X', 0.25)])
        {
            Assert.Equal(size, (double)pixels.Attribute($"PhysicalSize{axis}")!);
            Assert.Equal("µm", pixels.Attribute($"PhysicalSize{axis}Unit")!.Value);
        }
    }

    private static XElement Pixels(Reading reading) => XDocument.Parse(reading.Text("ome")!).Descendants(Ome + "Pixels").Single();
}
