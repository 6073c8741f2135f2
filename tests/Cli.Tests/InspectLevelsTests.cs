using System.Text;
using System.Text.Json;
using Upweave.Cli.Tests.Support;

namespace Upweave.Cli.Tests;

/// <summary>inspect of an image of several resolutions.</summary>
public sealed class InspectLevelsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public InspectLevelsTests()
    {
        folder.Write("x.ome.zarr/.zgroup", """{"zarr_format": 2}"""u8.ToArray());
        folder.Write("x.ome.zarr/.zattrs", """
            {"multiscales": [{"version": "0.4", "axes": [{"name": "y", "unit": "micrometer"}, {"name": "x", "unit": "micrometer"}],
             "datasets": [{"path": "0", "coordinateTransformations": [{"type": "scale", "scale": [0.65, 0.5]}]}, {"path": "1"}, {"path": "2"}]}]}
            """u8.ToArray());
        foreach (int level in (int[])[0, 1])
        {
            folder.Write($"x.ome.zarr/{level}/.zarray", Encoding.UTF8.GetBytes($$"""
                {"zarr_format": 2, "shape": [{{96 >> level}}, {{64 >> level}}], "chunks": [32, 32], "dtype": ">u2", "compressor": null,
                 "fill_value": 0, "filters": [], "order": "C"}
                """));
        }
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Inspect_Image_ShowsEveryLevelAndTheSpacing()
    {
        CommandLineRun run = await CommandLineRun.RunAsync("inspect", folder.At("x.ome.zarr"));
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("OME-Zarr 0.4 (zarr v2)", run.Output, StringComparison.Ordinal);
        Assert.Contains("y 0.65 micrometer, x 0.5 micrometer", run.Output, StringComparison.Ordinal);
        Assert.Contains("0 96 x 64, 1 48 x 32 (scale 2 x 2), 2 (There is no array", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_ImageAsJson_HasLevelsAndSpace()
    {
        CommandLineRun run = await CommandLineRun.RunAsync("inspect", folder.At("x.ome.zarr"), "--json");
        using JsonDocument document = JsonDocument.Parse(run.Output);
        JsonElement levels = document.RootElement.GetProperty("levels");
        Assert.Equal(3, levels.GetArrayLength());
        Assert.Equal([48, 32], levels[1].GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt64()));
        Assert.Equal("1", levels[1].GetProperty("path").GetString());
        Assert.Equal([2, 2], levels[1].GetProperty("scale").EnumerateArray().Select(number => number.GetDouble()));
        Assert.Contains("There is no array", levels[2].GetProperty("problem").GetString(), StringComparison.Ordinal);
        Assert.Equal([0.65, 0.5], document.RootElement.GetProperty("space").GetProperty("scale").EnumerateArray().Select(n => n.GetDouble()));
    }
}
