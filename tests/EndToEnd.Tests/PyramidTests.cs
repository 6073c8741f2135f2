using System.Text.Json;
using Upweave.EndToEnd.Tests.Support;

namespace Upweave.EndToEnd.Tests;

/// <summary>Lower resolutions: the mean of the one before in plain loops, for whatever tiles, and after a kill.</summary>
public sealed class PyramidTests : IDisposable
{
    private const ulong Seed = 2611;
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("zarr_format=2,")]
    public async Task Run_Pyramid_HalvesEachLevelExactly(string options)
    {
        NpyArray input = NpyArray.UInt8([3, 61, 45], NpyArray.RandomBytes(Seed, 3 * 61 * 45).Bytes);
        folder.Write("x.npy", input);
        await folder.SucceedAsync(
            $"run x.npy y.ome.zarr --preset linear --scale 2,2 --tile 32 --format {options}pyramid,chunk=16");
        await folder.SucceedAsync("run x.npy y.npy --preset linear --scale 2,2");
        NpyArray level = folder.Read("y.npy");
        long[][] shapes = await ShapesAsync("y.ome.zarr");
        Assert.Equal([[3, 122, 90], [3, 61, 45], [3, 31, 23], [3, 16, 12]], shapes);
        for (int number = 0; number < shapes.Length; number++)
        {
            await folder.SucceedAsync($"copy y.ome.zarr/{number} level{number}.npy");
            NpyArray written = folder.Read($"level{number}.npy");
            Assert.Equal(level.Shape, written.Shape);
            Assert.Equal(level.Bytes, written.Bytes);
            level = Halve(level);
        }
    }

    [Fact]
    public async Task Run_KilledInThePyramid_GoesOnThere()
    {
        folder.Write("x.npy", NpyArray.UInt8([1, 1500, 1400], NpyArray.RandomBytes(Seed, 1500 * 1400).Bytes));
        const string command = "run x.npy y.ome.zarr --preset bicubic --scale 3,3 --tile 256 --format pyramid,chunk=64";
        using (UpweaveProcess process = UpweaveProcess.Start(folder.Root, command))
        {
            await process.WaitForErrorLineAsync(line => line.StartsWith("pyramid", StringComparison.Ordinal));
            await process.KillAsync();
        }

        // On a fast machine the rest may have been done before the kill; then the output is there, and whole.
        if (!Directory.Exists(folder.At("y.ome.zarr")))
        {
            // What is complete of it is no array for anybody yet.
            Assert.Empty(Directory.EnumerateFiles(folder.Root, "zarr.json", SearchOption.AllDirectories));
            JsonElement summary = (await folder.SucceedAsync(command + " --json")).Json.GetProperty("summary");
            long tiles = summary.GetProperty("tile_count").GetInt64();
            Assert.InRange(summary.GetProperty("tiles_computed").GetInt64(), 0, tiles - (18 * 17)); // the full resolution was complete
        }

        await folder.SucceedAsync("run x.npy z.ome.zarr --preset bicubic --scale 3,3 --format pyramid,chunk=64");
        long[][] shapes = await ShapesAsync("y.ome.zarr");
        Assert.Equal(await ShapesAsync("z.ome.zarr"), shapes);
        for (int number = 0; number < shapes.Length; number++)
        {
            Assert.Equal(await folder.HashAsync($"z.ome.zarr/{number}"), await folder.HashAsync($"y.ome.zarr/{number}"));
        }
    }

    private async Task<long[][]> ShapesAsync(string path)
    {
        JsonElement levels = (await folder.SucceedAsync($"inspect {path} --json")).Json.GetProperty("levels");
        return [.. levels.EnumerateArray().Select(level =>
            level.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt64()).ToArray())];
    }

    private static NpyArray Halve(NpyArray level)
    {
        (long channels, long height, long width) = (level.Shape[0], level.Shape[1], level.Shape[2]);
        (long down, long across) = ((height + 1) / 2, (width + 1) / 2);
        byte[] halved = new byte[channels * down * across];
        for (long at = 0; at < halved.Length; at++)
        {
            (long channel, long row, long column) = (at / (down * across), at / across % down, at % across);
            List<int> block = [];
            for (long y = 2 * row; y < Math.Min(height, (2 * row) + 2); y++)
            {
                for (long x = 2 * column; x < Math.Min(width, (2 * column) + 2); x++)
                {
                    block.Add(level.Bytes[(((channel * height) + y) * width) + x]);
                }
            }

            halved[at] = (byte)Math.Round(block.Average(), MidpointRounding.ToEven);
        }

        return NpyArray.UInt8([channels, down, across], halved);
    }
}
