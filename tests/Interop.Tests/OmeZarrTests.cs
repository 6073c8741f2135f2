using System.Text.Json;

namespace Upweave.Interop.Tests;

/// <summary>OME-Zarr 0.5 as zarrita reads it, and 0.4 as python3-zarr does: every resolution, and where it lies.</summary>
public sealed class OmeZarrTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, string, long[], string, string, int> Pyramids => new()
    {
        { "|u1", "cyx", [3, 37, 53], "--scale 2,2", "chunk=16", 4 },
        { "<u2", "zyx", [11, 19, 25], "--scale 2,2,2", "chunk=8,shard=false,compression=gzip", 4 },
        { "<f4", "yx", [37, 53], "--scale 1,3", "chunk=32,compression=none", 4 },
    };

    [Theory]
    [MemberData(nameof(Pyramids))]
    public async Task Run_Pyramid_IsWhatZarritaReads(string descr, string axes, long[] shape, string scale, string format, int levels)
    {
        JsonElement multiscale = await RunAsync(descr, axes, shape, scale, "pyramid," + format);
        string[] paths = Paths(multiscale);
        IReadOnlyList<Reading> readings = await Readers.ZarritaAsync(folder, [.. paths.Select(path => new ReadRequest("y.ome.zarr", Array: path))]);
        string name = ElementKinds.All.Single(type => type.Descr == descr).Name;
        Check(readings, levels, name);
        foreach (Reading reading in readings)
            Assert.Equal(axes.Select(letter => letter.ToString()), reading.Texts("names"));
        JsonElement attributes = readings[0]["attributes"];
        Assert.Equal("0.5", attributes.GetProperty("ome").GetProperty("version").GetString());
        Assert.Equal("y.ome.zarr", attributes.GetProperty("upweave").GetProperty("specification").GetProperty("output").GetString());
        Assert.True(JsonElement.DeepEquals(multiscale, attributes.GetProperty("ome").GetProperty("multiscales")[0]));
    }

    [Theory]
    [MemberData(nameof(Pyramids))]
    public async Task Run_PyramidOfVersion4_IsWhatPythonReads(string descr, string axes, long[] shape, string scale, string format, int levels)
    {
        JsonElement multiscale = await RunAsync(descr, axes, shape, scale, "pyramid,zarr_format=2," + format.Replace(",shard=false", "", StringComparison.Ordinal));
        string[] paths = Paths(multiscale);
        IReadOnlyList<Reading> readings = await Readers.PythonAsync(folder, [.. paths.Select(path => new ReadRequest("y.ome.zarr", Array: path))]);
        Check(readings, levels, null);
        Assert.Equal("/", readings[0].Text("separator"));
        Assert.Equal("0.4", readings[0]["attributes"].GetProperty("multiscales")[0].GetProperty("version").GetString());
        Assert.Equal("y.ome.zarr", readings[0]["attributes"].GetProperty("upweave").GetProperty("specification").GetProperty("output").GetString());
    }

    /// <summary>scale' = scale / S; translation' = translation - scale * ((K-1)*D/2 - padBegin) / S.</summary>
    [Fact]
    public async Task Run_PlacedInput_LiesWhereTheFormulaSays()
    {
        new OmeInput("cyx", ElementKinds.Numbers("<f4", 2, 20, 30), [1, 0.5, 2], [0, 10, -3]).Write(folder, "x.ome.zarr");
        folder.Write("w.npy", ElementKinds.Numbers("<f4", 2, 3, 3, 4));
        const string layer = "--weights w.npy --strides 2,4 --dilations 3,1 --pads 1,0,2,1";
        await folder.SucceedAsync($"run x.ome.zarr y.ome.zarr {layer} --format chunk=16,pyramid --tile 32,32");
        await folder.SucceedAsync($"run x.ome.zarr y.npy {layer}");

        NpyArray expected = folder.Read("y.npy");
        Reading reading = Assert.Single(await Readers.ZarritaAsync(folder, new ReadRequest("y.ome.zarr", Array: "0")));
        reading.AssertIs(expected, "float32");
        JsonElement multiscale = reading["attributes"].GetProperty("ome").GetProperty("multiscales")[0];
        Assert.Equal(
            """[{"name":"c","type":"channel"},{"name":"y","type":"space","unit":"micrometer"},{"name":"x","type":"space","unit":"micrometer"}]""",
            multiscale.GetProperty("axes").GetRawText());
        double[] scale = [0.5 / 2, 2.0 / 4];
        double[] translation = [10 - (0.5 * ((2 * 3 / 2.0) - 1) / 2), -3 - (2 * ((3 * 1 / 2.0) - 0) / 4)];
        AssertPlaces(multiscale, 1, scale, translation);
    }

    /// <summary>A linear preset's result with its lower resolutions, of an input whose elements are half a micrometer apart.</summary>
    private async Task<JsonElement> RunAsync(string descr, string axes, long[] shape, string scale, string format)
    {
        double[] spacing = [.. axes.Select(letter => letter == 'c' ? 1 : 0.5)];
        new OmeInput(axes, ElementKinds.Numbers(descr, shape), spacing, new double[axes.Length]).Write(folder, "x.ome.zarr");
        // Of floats only nearest gives numbers whose means are exact.
        string preset = $"--preset {(descr == "<f4" ? "nearest" : "linear")} {scale}";
        string tile = axes.EndsWith("zyx", StringComparison.Ordinal) ? "16,16,16" : "32,64";
        await folder.SucceedAsync($"run x.ome.zarr y.ome.zarr {preset} --format {format} --tile {tile}");
        await folder.SucceedAsync($"run x.ome.zarr y.npy {preset}");
        bool isOld = format.Contains("zarr_format=2", StringComparison.Ordinal);
        JsonElement document = JsonElement.Parse(File.ReadAllText(folder.At(isOld ? "y.ome.zarr/.zattrs" : "y.ome.zarr/zarr.json")));
        JsonElement multiscale = (isOld ? document : document.GetProperty("attributes").GetProperty("ome")).GetProperty("multiscales")[0];
        Assert.Equal(axes, string.Concat(multiscale.GetProperty("axes").EnumerateArray().Select(axis => axis.GetProperty("name").GetString())));
        double[] factors = [.. scale.Split(' ')[1].Split(',').Select(factor => factor[0] - (double)'0')];
        double[] steps = [.. factors.Select(factor => 0.5 / factor)];
        AssertPlaces(multiscale, axes.Length - factors.Length, steps, [.. factors.Select(factor => -0.5 * (factor - 1) / 2 / factor)]);
        return multiscale;
    }

    /// <summary>The full resolution is the result; each of the others is the mean of the one before.</summary>
    private void Check(IReadOnlyList<Reading> readings, int levels, string? type)
    {
        Assert.Equal(levels, readings.Count);
        NpyArray expected = folder.Read("y.npy");
        readings[0].AssertIs(expected, type);
        foreach (Reading reading in readings.Skip(1))
        {
            expected = PlainMean.Compute(expected, reading.Numbers("shape"));
            reading.AssertIs(expected, type);
        }
    }

    private static string[] Paths(JsonElement multiscale) =>
        [.. multiscale.GetProperty("datasets").EnumerateArray().Select(dataset => dataset.GetProperty("path").GetString()!)];

    /// <summary>
    /// Each resolution lies where its blocks' middles do: those of f elements are f times as far apart, and the first lies (f - 1) / 2
    /// elements after the first element.
    /// </summary>
    private void AssertPlaces(JsonElement multiscale, int leading, double[] scale, double[] translation)
    {
        long[] full = Shape(multiscale, 0);
        for (int level = 0; level < multiscale.GetProperty("datasets").GetArrayLength(); level++)
        {
            JsonElement transformations = multiscale.GetProperty("datasets")[level].GetProperty("coordinateTransformations");
            double[] factors = [.. Shape(multiscale, level).Zip(full, (extent, whole) => Math.Pow(2, Math.Round(Math.Log2((double)whole / extent)))).Skip(leading)];
            double[] others = [.. Enumerable.Repeat(0.0, leading)];
            Assert.Equal([.. others.Select(_ => 1.0), .. scale.Zip(factors, (step, factor) => step * factor)], Numbers(transformations, "scale") ?? []);
            double[] places = [.. translation.Select((place, axis) => place + (scale[axis] * (factors[axis] - 1) / 2))];
            double[] actual = Numbers(transformations, "translation") ?? [.. others, .. places.Select(_ => 0.0)];
            Assert.Equal([.. others, .. places], actual, (expected, found) => Math.Abs(expected - found) < 1e-12);
        }
    }

    private long[] Shape(JsonElement multiscale, int level)
    {
        string array = folder.At($"y.ome.zarr/{Paths(multiscale)[level]}");
        string document = File.ReadAllText(File.Exists($"{array}/.zarray") ? $"{array}/.zarray" : $"{array}/zarr.json");
        return [.. JsonElement.Parse(document).GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt64())];
    }

    private static double[]? Numbers(JsonElement transformations, string kind) => transformations.EnumerateArray()
        .Where(transformation => transformation.GetProperty("type").GetString() == kind)
        .Select(transformation => transformation.GetProperty(kind).EnumerateArray().Select(number => number.GetDouble()).ToArray())
        .SingleOrDefault();
}
