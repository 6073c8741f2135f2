using System.Text.Json;

namespace Upweave.Interop.Tests;

/// <summary>zarr v2 as python3-zarr reads it.</summary>
public sealed class ZarrV2Tests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Run_EveryType_IsWhatPythonReads()
    {
        foreach ((string name, string descr) in ElementKinds.All)
        {
            folder.Write("x.npy", ElementKinds.Numbers(descr, 19, 23));
            await folder.SucceedAsync($"run x.npy {name}.zarr --preset nearest --scale 1,1 --format zarr_format=2,chunk=8");
        }

        IReadOnlyList<Reading> readings = await Readers.PythonAsync(
            folder, [.. ElementKinds.All.Select(type => new ReadRequest($"{type.Name}.zarr"))]);
        foreach (((_, string descr), Reading reading) in ElementKinds.All.Zip(readings))
        {
            reading.AssertIs(ElementKinds.Numbers(descr, 19, 23));
        }
    }

    [Theory]
    [InlineData("grey", "zstd", "")]
    [InlineData("five", "gzip", ",compression=gzip,level=9")]
    [InlineData("volume", null, ",compression=none")]
    [InlineData("volumes", "zstd", ",compression=zstd,level=19")]
    [InlineData("all", "gzip", ",compression=gzip")]
    public async Task Run_Tiles_AreWhatPythonReads(string name, string? compression, string options)
    {
        Job job = Job.Named(name);
        NpyArray expected = await job.ExpectedAsync();
        await job.RunAsync(folder, "y.zarr", job.Tiling + ",zarr_format=2" + options);

        Reading reading = Assert.Single(await Readers.PythonAsync(folder, new ReadRequest("y.zarr")));
        reading.AssertIs(expected);
        Assert.Equal(job.IsVolume ? [2, 16, 16] : [16, 16], reading.Numbers("chunks")[^(job.IsVolume ? 3 : 2)..]);
        Assert.Equal(compression, reading["compressor"] is { ValueKind: JsonValueKind.Object } config ? config.GetProperty("id").GetString() : null);
        Assert.Equal("y.zarr", reading["attributes"].GetProperty("upweave").GetProperty("specification").GetProperty("output").GetString());
    }
}
