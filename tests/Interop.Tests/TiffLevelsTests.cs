using System.Text.Json;

namespace Upweave.Interop.Tests;

/// <summary>Pyramids that other software has written: their levels are those that tifffile finds.</summary>
public sealed class TiffLevelsTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task InspectAndCopy_EveryLevel_IsWhatTifffileReads()
    {
        JsonElement made = await Readers.MakeAsync(folder, "pyramids.py");
        Assert.Equal(5, made.EnumerateObject().Count());
        foreach (JsonProperty file in made.EnumerateObject())
        {
            string path = $"{file.Name}.tif";
            int lower = file.Value.GetInt32();
            Assert.InRange(lower, 1, 10);
            ReadRequest[] requests = [.. Enumerable.Range(0, lower + 1).Select(level => new ReadRequest(path, "tiff", $"{level}"))];
            IReadOnlyList<Reading> readings = await Readers.PythonAsync(folder, requests);
            JsonElement[] levels = await LevelsAsync(path);
            Assert.Equal(
                readings[0]["levels"].EnumerateArray().Select(shape => $"{path} {string.Join(' ', shape.EnumerateArray())}"),
                levels.Select(level => $"{path} {string.Join(' ', ChannelsLast(level, "shape", readings[0].Text("axes")!))}"));
            for (int level = 0; level <= lower; level++)
            {
                Assert.Equal($"#{level}", levels[level].GetProperty("path").GetString());
                await folder.SucceedAsync($"copy {path}#{level} level.npy --overwrite");
                NpyArray copy = folder.Read("level.npy");
                readings[level].AssertIs((readings[0].Text("axes") == "YXS" ? copy.Reorder("cyx", "yxc") : copy).Squeeze());
            }
        }
    }

    [Fact]
    public async Task Inspect_Levels_HaveTheirScaleAndLieWhereTheFullResolutionDoes()
    {
        await Readers.MakeAsync(folder, "pyramids.py");
        Assert.Contains(
            "#0 3 x 403 x 301, #1 3 x 100 x 75 (scale 1 x 4 x 4), #2 3 x 25 x 18 (scale 1 x 16 x 16)",
            (await folder.SucceedAsync("inspect slide.tif")).Output, StringComparison.Ordinal);
        JsonElement[] levels = await LevelsAsync("ome.ome.tif");
        Assert.Equal([1, 1, 4, 4], levels[2].GetProperty("scale").EnumerateArray().Select(number => number.GetDouble()));
        JsonElement space = (await folder.SucceedAsync("inspect ome.ome.tif#2 --json")).Json.GetProperty("space");
        double[] Of(string name) => [.. space.GetProperty(name).EnumerateArray().Select(number => number.GetDouble())];
        Assert.Equal("zyx", space.GetProperty("axes").GetString());
        Assert.Equal([1, 1, 2], Of("scale"));
        Assert.Equal([0, 0.375, 0.75], Of("translation")); // the middle of four elements that are 0.25 and 0.5 apart
    }

    /// <summary>A level is an input like any other, and the preview is drawn from the smallest that is large enough.</summary>
    [Fact]
    public async Task RunAndPreview_OfALevel_ReadIt()
    {
        await Readers.MakeAsync(folder, "pyramids.py");
        await folder.SucceedAsync("copy chain.tif#1 x.npy");
        await folder.SucceedAsync("run x.npy y.npy --preset linear --scale 2,2");
        await folder.SucceedAsync("run chain.tif#1 z.npy --preset linear --scale 2,2 --tile 64");
        Assert.Equal(folder.Read("y.npy").Bytes, folder.Read("z.npy").Bytes);
        await folder.SucceedAsync("run x.npy wide.tif --preset nearest --scale 16,16");
        await ReaderProcess.RunAsync(
            folder.Root, "vips", ["tiffsave", "wide.tif", "deep.tif", "--tile", "--pyramid", "--subifd", "--compression", "none"]);
        JsonElement[] levels = await LevelsAsync("deep.tif");
        string chosen = levels.Last(level => ChannelsLast(level, "shape", "YXS")[..2].Max() >= 512).GetProperty("path").GetString()!;
        Assert.NotEqual("#0", chosen);
        await folder.SucceedAsync("inspect deep.tif --preview whole.png");
        await folder.SucceedAsync($"inspect deep.tif{chosen} --preview level.png");
        Assert.Equal(File.ReadAllBytes(folder.At("level.png")), File.ReadAllBytes(folder.At("whole.png")));
    }

    private async Task<JsonElement[]> LevelsAsync(string path) =>
        [.. (await folder.SucceedAsync($"inspect {path} --json")).Json.GetProperty("levels").EnumerateArray()];

    private static long[] ChannelsLast(JsonElement level, string property, string axes)
    {
        long[] shape = [.. level.GetProperty(property).EnumerateArray().Select(extent => extent.GetInt64())];
        return axes == "YXS" ? [.. shape[1..], shape[0]] : shape;
    }
}
