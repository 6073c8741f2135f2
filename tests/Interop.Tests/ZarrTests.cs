using System.Text.Json;

namespace Upweave.Interop.Tests;

/// <summary>zarr v3 as zarrita reads it.</summary>
public sealed class ZarrTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Copy_EveryType_IsWhatZarritaReads()
    {
        foreach ((string name, string descr) in ElementKinds.All)
        {
            folder.Write("x.npy", ElementKinds.Noise(descr, 3, 5, 7));
            await folder.SucceedAsync($"copy x.npy {name}.zarr");
        }

        IReadOnlyList<Reading> readings = await Readers.ZarritaAsync(
            folder, [.. ElementKinds.All.Select(type => new ReadRequest($"{type.Name}.zarr"))]);
        foreach (((string name, string descr), Reading reading) in ElementKinds.All.Zip(readings))
        {
            reading.AssertIs(ElementKinds.Noise(descr, 3, 5, 7), name);
        }
    }

    [Theory]
    [InlineData("grey", "zstd", true, "")]
    [InlineData("rgb", "zstd", false, ",shard=false")]
    [InlineData("five", "gzip", true, ",compression=gzip,level=9")]
    [InlineData("volume", "none", true, ",compression=none")]
    [InlineData("volumes", "gzip", false, ",compression=gzip,shard=false")]
    [InlineData("batch", "none", false, ",compression=none,shard=false")]
    [InlineData("all", "zstd", true, ",compression=zstd,level=19")]
    public async Task Run_Tiles_AreWhatZarritaReads(string name, string compression, bool isSharded, string options)
    {
        Job job = Job.Named(name);
        NpyArray expected = await job.ExpectedAsync();
        await job.RunAsync(folder, "y.zarr", job.Tiling + options);

        Reading reading = Assert.Single(await Readers.ZarritaAsync(folder, new ReadRequest("y.zarr")));
        reading.AssertIs(expected, ElementKinds.All.Single(type => type.Descr == job.Descr).Name);
        Assert.Equal(job.Axes.Select(letter => letter.ToString()), reading.Texts("names"));
        Assert.Equal(job.IsVolume ? [2, 16, 16] : [16, 16], reading.Numbers("chunks")[^(job.IsVolume ? 3 : 2)..]);
        Assert.Equal("y.zarr", reading["attributes"].GetProperty("upweave").GetProperty("specification").GetProperty("output").GetString());

        // The options were followed, too.
        JsonElement codecs = JsonElement.Parse(File.ReadAllText(folder.At("y.zarr/zarr.json"))).GetProperty("codecs");
        Assert.Equal(isSharded, codecs[0].GetProperty("name").GetString() == "sharding_indexed");
        JsonElement inner = isSharded ? codecs[0].GetProperty("configuration").GetProperty("codecs") : codecs;
        IEnumerable<string?> names = inner.EnumerateArray().Select(codec => codec.GetProperty("name").GetString());
        Assert.Equal(compression == "none" ? ["bytes"] : ["bytes", compression], names.Where(codec => codec != "crc32c"));
    }

    [Fact]
    public async Task Run_Defaults_IsWhatZarritaReads()
    {
        Job job = Job.Named("rgb");
        folder.Write("x.npy", ElementKinds.Numbers(job.Descr, job.Shape));
        await folder.SucceedAsync($"run x.npy y.zarr {job.Preset}");
        Assert.Single(await Readers.ZarritaAsync(folder, new ReadRequest("y.zarr"))).AssertIs(await job.ExpectedAsync(), "uint8");
    }
}
