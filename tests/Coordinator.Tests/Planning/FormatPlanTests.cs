using Upweave.Contracts.Plans;
using Upweave.Contracts.Specification;
using Upweave.Tests;

namespace Upweave.Coordinator.Tests.Planning;

/// <summary>What a plan makes of the options of a format.</summary>
public sealed class FormatPlanTests : IDisposable
{
    private readonly JobFolder folder = new();

    public FormatPlanTests() => folder.WriteNpy("in.npy", "|u1", [1, 900, 700], new byte[900 * 700]);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Zarr_ByDefault_HasShardsOfSmallChunks()
    {
        PlannedOutput output = await PlanAsync("out.zarr", null);
        Assert.Equal(("zarr", true, "zstd", null), (output.Format, output.IsSharded, output.Compression, output.CompressionLevel));
        Assert.All(output.Chunk.Skip(1), side => Assert.InRange(side, 200, 256));
        Assert.Null(output.Pyramid);
    }

    [Fact]
    public async Task Zarr_OneChunkATile_IsNotSharded()
    {
        PlannedOutput output = await PlanAsync("out.zarr", new FormatSpecification { Chunk = [512] }, tile: [512]);
        Assert.Equal([[1, 512, 512], [1, 512, 512]], [output.Tile, output.Chunk]);
        Assert.False(output.IsSharded);
    }

    [Fact]
    public async Task Zarr_ChunkAskedFor_IsThatChunkAndTilesAreWholeOnes()
    {
        PlannedOutput output = await PlanAsync("out.zarr", new FormatSpecification { Chunk = [100, 300], Level = 7 }, tile: [250, 500]);
        Assert.Equal([1, 100, 300], output.Chunk);
        Assert.Equal([1, 300, 600], output.Tile);
        Assert.Equal((true, 7), (output.IsSharded, output.CompressionLevel));
    }

    [Fact]
    public async Task Zarr_ShardFalse_HasAnObjectForEachChunk()
    {
        PlannedOutput output = await PlanAsync("out.zarr", new FormatSpecification { Shard = false, Compression = "none" });
        Assert.Equal((false, "none"), (output.IsSharded, output.Compression));
    }

    [Fact]
    public async Task Zarr_Format2_HasNoShards()
    {
        PlannedOutput output = await PlanAsync("out.zarr", new FormatSpecification { ZarrFormat = 2, Compression = "gzip", Level = 9 });
        Assert.Equal(("zarr-v2", false, "gzip"), (output.Format, output.IsSharded, output.Compression));
    }

    [Fact]
    public async Task OmeZarr_Pyramid_ListsItsLevels()
    {
        PlannedOutput output = await PlanAsync("out.ome.zarr", new FormatSpecification { Pyramid = true });
        Assert.Equal("ome-zarr", output.Format);
        Assert.Equal([[1, 900, 700], [1, 450, 350], [1, 225, 175]], output.Pyramid!.Select(level => level.Shape));
        Assert.Equal([[0.5, 0, -0.25], [0, 0.5, -0.25]], output.Space!.Affine);
    }

    private async Task<PlannedOutput> PlanAsync(string output, FormatSpecification? format, long[]? tile = null) =>
        (await Plans.MakeAsync(folder, Plans.Nearest("s/in.npy", "s/" + output, tile) with { Format = format })).Output;
}
