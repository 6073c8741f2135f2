using Upweave.Contracts.Plans;
using Upweave.Contracts.Specification;
using Upweave.Coordinator.Planning;
using Upweave.Planning;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Tests;
using Upweave.Tiling;

namespace Upweave.Coordinator.Tests.Planning;

/// <summary>What the input's reader keeps, and what it takes while it reads, is in the plan and in its check.</summary>
public sealed class InputMemoryTests : IDisposable
{
    private readonly JobFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task PlanAsync_CompressedInput_CountsTheReader()
    {
        await WriteZarrAsync("in.zarr", [1000, 1000], chunk: [100, 100]);
        JobPlan plan = await Plans.MakeAsync(folder, Plans.Nearest("s/in.zarr", "s/out.npy"));
        await using IArrayReader reader = await ArrayReaders.OpenAsync(folder.Stores, "s/in.zarr", null, TestContext.Current.CancellationToken);
        Assert.InRange(reader.KeptBytes, 1_000_000, 1_100_000);
        Assert.Equal(reader.KeptBytes, plan.Prediction.KeptBytes);
        TileFootprint footprint = new PlanGeometry(plan).Footprint(reader.ReadOverheadBytes);
        Assert.Equal(footprint.Total, plan.Prediction.TileBytes);
        // Four chunks, decoded and as they are stored.
        Assert.Equal(4 * (10_000 + 16_384), footprint.Read);
    }

    [Fact]
    public async Task PlanAsync_NpyInput_CountsItsScratch()
    {
        folder.WriteNpy("in.npy", "|u1", [1000, 1000], new byte[1_000_000]);
        JobPlan plan = await Plans.MakeAsync(folder, Plans.Nearest("s/in.npy", "s/out.npy"));
        await using IArrayReader reader = await ArrayReaders.OpenAsync(folder.Stores, "s/in.npy", null, TestContext.Current.CancellationToken);
        TileFootprint footprint = new PlanGeometry(plan).Footprint(reader.ReadOverheadBytes);
        Assert.Equal((0, 1 << 20, footprint.Total), (plan.Prediction.KeptBytes, footprint.Read, plan.Prediction.TileBytes));
    }

    [Fact]
    public async Task PlanAsync_BudgetBelowWhatTheReaderKeeps_IsRefused()
    {
        await WriteZarrAsync("in.zarr", [1000, 1000], chunk: [100, 100]);
        JobSpecification specification = Plans.Nearest("s/in.zarr", "s/out.npy");
        PlanResult result = await Plans.Planner(folder, options => options.WorkerMemoryBytes = 1_000_000)
            .PlanAsync(specification, TestContext.Current.CancellationToken);
        Assert.Contains("chunks of the input", Assert.Single(result.Problems).Message, StringComparison.Ordinal);
    }

    private async Task WriteZarrAsync(string name, Dims shape, Dims chunk)
    {
        StoreLocation place = folder.Place(name);
        IArrayWriter writer = ArrayWriters.Create(place.Store, new OutputLayout
        {
            Format = OutputFormat.Zarr,
            Path = place.Path,
            Owner = "a",
            Shape = shape,
            Type = Storage.ElementType.UInt8,
            Tile = shape,
            Chunk = chunk,
        });
        using EncodedTile tile = writer.Encode(0, Numbers.Bytes(shape.Volume));
        await writer.WriteAsync(tile, TestContext.Current.CancellationToken);
        Assert.True(await writer.CommitAsync(WriteCondition.IfAbsent, TestContext.Current.CancellationToken));
    }
}
