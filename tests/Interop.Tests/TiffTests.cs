namespace Upweave.Interop.Tests;

/// <summary>TIFF and OME-TIFF as tifffile, libvips and libtiff read them.</summary>
public sealed class TiffTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(".tif", "bool")]
    [InlineData(".ome.tif", "bool", "int64", "uint64", "float16")]
    public async Task Copy_EveryType_IsWhatTifffileAndVipsRead(string ending, params string[] lacking)
    {
        (string Name, string Descr)[] types = [.. ElementKinds.Without(lacking)];
        foreach ((string name, string descr) in types)
        {
            folder.Write("x.npy", ElementKinds.Noise(descr, 19, 23));
            await folder.SucceedAsync($"copy x.npy {name}{ending}");
        }

        string[] files = [.. types.Select(type => type.Name + ending)];
        IReadOnlyList<Reading> readings = await Readers.PythonAsync(folder, [.. files.Select(file => new ReadRequest(file, "tiff"))]);
        foreach (((string name, string descr), Reading reading) in types.Zip(readings))
        {
            NpyArray expected = ElementKinds.Noise(descr, 19, 23);
            reading.AssertIs(expected);
            // libvips decodes no others.
            if (name is not ("int64" or "uint64" or "float16" or "float64"))
                (await VipsReader.ReadAsync(folder, name + ending)).AssertIs(expected.Reorder("yx", "nzyxc"), name + ending);
        }

        await LibTiff.ReadAsync(folder, files);
    }

    [Theory]
    [InlineData("grey", "MINISBLACK", "YX")]
    [InlineData("rgb", "RGB", "YXS")]
    [InlineData("rgba", "RGB", "YXS", "UNASSALPHA")]
    [InlineData("five", "MINISBLACK", "YXS", "UNSPECIFIED", "UNSPECIFIED", "UNSPECIFIED", "UNSPECIFIED")]
    [InlineData("volume", "MINISBLACK", "IYX")]
    [InlineData("volumes", "RGB", "IYXS")]
    [InlineData("batch", "RGB", "IYXS")]
    [InlineData("all", "MINISBLACK", "IYXS", "UNSPECIFIED")]
    public async Task Run_Tiles_AreWhatTifffileAndVipsRead(string name, string photometric, string axes, params string[] extra)
    {
        Job job = Job.Named(name);
        NpyArray expected = (await job.ExpectedAsync()).Reorder(job.Axes, "nzyxc");
        await job.RunAsync(folder, "y.tif", job.TiffTiling);

        long pages = expected.Shape[0] * expected.Shape[1];
        Reading reading = Assert.Single(await Readers.PythonAsync(folder, new ReadRequest("y.tif", "tiff")));
        reading.AssertIs((expected with { Shape = [pages, .. expected.Shape[2..]] }).Squeeze());
        Assert.Equal((photometric, "CONTIG", axes), (reading.Text("photometric"), reading.Text("planar"), reading.Text("axes")));
        Assert.Equal((1, pages), (reading["series"].GetInt64(), reading["pages"].GetInt64()));
        Assert.Equal(extra, reading.Texts("extra"));
        Assert.Equal([16, 16], reading.Numbers("tile"));
        Assert.Equal("ADOBE_DEFLATE", reading.Text("compression"));
        Assert.Contains("\"output\":\"y.tif\"", reading.Text("description"), StringComparison.Ordinal);
        (await VipsReader.ReadAsync(folder, "y.tif")).AssertIs(expected, name);
        await LibTiff.ReadAsync(folder, "y.tif");
    }

    /// <summary>tifffile alone has no zstd; libtiff has.</summary>
    [Theory]
    [InlineData("rgb", "none", "None")]
    [InlineData("five", "none", "None")]
    [InlineData("rgba", "zstd", "ZSTD")]
    [InlineData("volumes", "zstd", "ZSTD")]
    public async Task Run_OtherCompression_IsWhatVipsReads(string name, string compression, string described)
    {
        Job job = Job.Named(name);
        NpyArray expected = (await job.ExpectedAsync()).Reorder(job.Axes, "nzyxc");
        await job.RunAsync(folder, "y.tif", $"{job.TiffTiling},compression={compression}");
        (await VipsReader.ReadAsync(folder, "y.tif")).AssertIs(expected, name);
        Assert.Contains($"Compression Scheme: {described}\n", await LibTiff.ReadAsync(folder, "y.tif"), StringComparison.Ordinal);
        if (compression == "none")
            Assert.Single(await Readers.PythonAsync(folder, new ReadRequest("y.tif", "tiff"))).AssertElements(expected.Bytes);
    }

    [Fact]
    public async Task Run_ManyChannels_ArePlanesThatTifffileReads()
    {
        Job job = Job.Named("twenty");
        NpyArray expected = await job.ExpectedAsync();
        await job.RunAsync(folder, "y.tif", job.TiffTiling);
        Reading reading = Assert.Single(await Readers.PythonAsync(folder, new ReadRequest("y.tif", "tiff")));
        reading.AssertIs(expected);
        Assert.Equal(("SEPARATE", "SYX"), (reading.Text("planar"), reading.Text("axes")));
        Assert.Contains("separate image planes", await LibTiff.ReadAsync(folder, "y.tif"), StringComparison.Ordinal);
    }
}
