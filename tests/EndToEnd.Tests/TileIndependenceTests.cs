using Upweave.EndToEnd.Tests.Support;

namespace Upweave.EndToEnd.Tests;

/// <summary>The same elements, to the bit, whatever the tiles, the workers and the format.</summary>
public sealed class TileIndependenceTests : IDisposable
{
    private const ulong Seed = 2603;
    private const int Whole = 100_000;
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Run_PictureInAnyTiles_HasOneHash()
    {
        NpyArray picture = NpyArray.RandomBytes(Seed, 3, 130, 170);
        folder.Write("x.npy", picture);
        await folder.SucceedAsync("copy x.npy photo.png");
        string[] outputs =
        [
            await RunAsync("photo.png", "a.zarr", "bicubic", 64, 1), await RunAsync("photo.png", "b.zarr", "bicubic", 64, 2),
            await RunAsync("photo.png", "c.zarr", "bicubic", 200, 1), await RunAsync("photo.png", "d.zarr", "bicubic", 200, 2),
            await RunAsync("photo.png", "e.zarr", "bicubic", Whole, 1), await RunAsync("photo.png", "f.zarr", "bicubic", Whole, 2),
            await RunAsync("photo.png", "g.npy", "bicubic", 64, 2), await RunAsync("photo.png", "h.png", "bicubic", 200, 2),
            await RunAsync("photo.png", "i.tif", "bicubic", 64, 1),
        ];
        NpyArray npy = folder.Read("g.npy");
        Assert.Equal([3, 260, 340], npy.Shape);
        AssertRounded(InterpolationOracle.Enlarge("bicubic", [.. picture.Bytes.Select(value => (double)value)], picture.Shape, 1, 2), npy.Bytes);
        foreach (string output in outputs)
            Assert.Equal(npy.Sha256, await folder.HashAsync(output));
    }

    [Fact]
    public async Task Run_VolumeInAnyTiles_HasOneHash()
    {
        NpyArray volume = NpyArray.Random(Seed, 41, 37, 110);
        folder.Write("x.npy", volume);
        string[] outputs =
        [
            await RunAsync("x.npy", "a.zarr", "linear", 64, 1), await RunAsync("x.npy", "b.zarr", "linear", 64, 2),
            await RunAsync("x.npy", "c.zarr", "linear", 200, 2), await RunAsync("x.npy", "d.zarr", "linear", Whole, 1),
            await RunAsync("x.npy", "e.npy", "linear", 64, 2), await RunAsync("x.npy", "f.npy", "linear", Whole, 1),
        ];
        NpyArray npy = folder.Read("e.npy");
        Assert.Equal([82, 74, 220], npy.Shape);
        FloatAssert.Within(
            2e-6, InterpolationOracle.Enlarge("linear", [.. volume.Floats.Select(value => (double)value)], volume.Shape, 0, 2), npy.Floats);
        foreach (string output in outputs)
            Assert.Equal(npy.Sha256, await folder.HashAsync(output));
    }

    [Fact]
    public async Task Run_Region_IsThatPartOfTheWhole()
    {
        folder.Write("x.npy", NpyArray.Random(Seed, 2, 30, 40));
        await folder.SucceedAsync("run x.npy whole.npy --preset bicubic --scale 3,3");
        await folder.SucceedAsync("run x.npy part.npy --preset bicubic --scale 3,3 --region 17:61,5:119 --tile 13");
        (NpyArray whole, NpyArray part) = (folder.Read("whole.npy"), folder.Read("part.npy"));
        Assert.Equal([2, 44, 114], part.Shape);
        IEnumerable<float> cut =
            from channel in Enumerable.Range(0, 2)
            from row in Enumerable.Range(17, 44)
            from column in Enumerable.Range(5, 114)
            select whole.Floats[(((channel * 90) + row) * 120) + column];
        Assert.Equal(cut, part.Floats);
    }

    private async Task<string> RunAsync(string input, string output, string preset, int tile, int workers)
    {
        string scale = preset == "linear" ? "2,2,2" : "2";
        UpweaveResult result = await folder.SucceedAsync(
            $"run {input} {output} --preset {preset} --scale {scale} --tile {tile} --workers {workers} --json");
        long tiles = result.Json.GetProperty("summary").GetProperty("tile_count").GetInt64();
        Assert.True(tile == Whole ? tiles == 1 : tiles > 1, result.ToString());
        return output;
    }

    /// <summary>
    /// Rounded half to even and saturated. A sum of 16 products may be a hair beside the half that it is in exact arithmetic:
    /// there, and only there, either neighbour will do.
    /// </summary>
    private static void AssertRounded(double[] exact, byte[] actual)
    {
        Assert.Equal(exact.Length, actual.Length);
        for (int index = 0; index < exact.Length; index++)
        {
            double value = Math.Clamp(exact[index], 0, 255);
            bool isTie = Math.Abs(value - Math.Floor(value) - 0.5) < 1e-4;
            bool isRight = isTie ? Math.Abs(actual[index] - value) < 0.51 : actual[index] == Math.Round(value);
            Assert.True(isRight, $"Element {index}: {actual[index]}, expected {value} rounded.");
        }
    }
}
