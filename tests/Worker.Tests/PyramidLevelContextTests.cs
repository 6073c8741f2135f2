using Upweave.Contracts.Plans;
using Upweave.Contracts.Specification;
using Upweave.Planning;
using Upweave.Storage;
using Upweave.Storage.Stores;
using Upweave.Tests;
using Upweave.Worker.Jobs;
using Upweave.Worker.Pyramids;

namespace Upweave.Worker.Tests;

public sealed class PyramidLevelContextTests : IDisposable
{
    private readonly JobFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task OpenAsync_LessMemoryThanTheTilesTake_IsRefused()
    {
        (JobPlan plan, StoreLocation place) = await PlanAsync();
        WorkerOptions options = new() { Name = "small", Slots = 2 };
        await using (PyramidLevelContext level = await OpenAsync(options, plan, place, level: 1))
        {
            options.MemoryBytes = (level.Footprint.Total * TileFootprint.TilesHeld(2)) - 1;
        }

        WorkerMemoryException refused = await Assert.ThrowsAsync<WorkerMemoryException>(() => OpenAsync(options, plan, place, level: 1));
        Assert.Contains("worker small has", refused.Message, StringComparison.Ordinal);
        options.MemoryBytes++;
        await (await OpenAsync(options, plan, place, level: 1)).DisposeAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task OpenAsync_LevelThatThePlanHasNot_IsRefused(int level)
    {
        (JobPlan plan, StoreLocation place) = await PlanAsync();
        await Assert.ThrowsAsync<InvalidArrayException>(() => OpenAsync(new WorkerOptions(), plan, place, level));
    }

    private static Task<PyramidLevelContext> OpenAsync(WorkerOptions options, JobPlan plan, StoreLocation place, int level) =>
        PyramidLevelContext.OpenAsync(options, plan, place, level, TestContext.Current.CancellationToken);

    private async Task<(JobPlan Plan, StoreLocation Place)> PlanAsync()
    {
        folder.WriteNpy("in.npy", "|u1", [1, 30, 30], new byte[900]);
        JobPlan plan = await Plans.MakeAsync(folder, Plans.Nearest("s/in.npy", "s/out.ome.zarr", [32]) with
        {
            Format = new FormatSpecification { Pyramid = true, Chunk = [16] },
        });
        Assert.Equal(2, plan.Output.Pyramid!.Count);
        return (plan, folder.Place("out.ome.zarr"));
    }
}
