using Upweave.Contracts.Plans;
using Upweave.Contracts.Specification;
using Upweave.Coordinator.Jobs;
using Upweave.Coordinator.Standby;
using Upweave.Planning;
using Upweave.Tests;

namespace Upweave.Coordinator.Tests.Jobs;

public sealed class JobClaimTests : IDisposable
{
    private readonly JobFolder folder = new();
    private readonly JobSpecification specification = Plans.Nearest("s/in.npy", "s/out.zarr");

    public JobClaimTests() => folder.WriteNpy("in.npy", [600, 600], Numbers.Floats(360_000));

    [Fact]
    public async Task ClaimAsync_SameJobAgain_GoesOnWithTheOldPlan()
    {
        ClaimResult first = await ClaimAsync(specification, slots: 1);
        ClaimResult second = await ClaimAsync(specification with { Labels = new Dictionary<string, string> { ["try"] = "2" } }, slots: 8);
        JobPlan fresh = await Plans.MakeAsync(folder, specification with { Output = "s/other.zarr" }, options => options.WorkerSlots = 8);
        Assert.NotEqual(first.Plan!.Output.Tile, fresh.Output.Tile); // or the test shows nothing
        Assert.False(first.Resumed);
        Assert.True(second.Resumed);
        Assert.Equal(first.Plan.Hash, second.Plan!.Hash);
    }

    [Fact]
    public async Task ClaimAsync_AnotherJob_IsRefusedNamingThePlan()
    {
        ClaimResult first = await ClaimAsync(specification);
        ClaimResult second = await ClaimAsync(specification with { Dtype = "float16" });
        Assert.Null(second.Plan);
        Assert.Contains(first.Plan!.Hash, Assert.Single(second.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ClaimAsync_InputChanged_IsRefusedWithAWayOut()
    {
        await ClaimAsync(specification);
        folder.WriteNpy("in.npy", [600, 600], Numbers.Floats(360_000, seed: 9));
        ClaimResult second = await ClaimAsync(specification);
        Assert.Null(second.Plan);
        Contracts.Problem problem = Assert.Single(second.Problems);
        Assert.Equal("input", problem.Field);
        Assert.Contains("delete s/out.zarr.upweave", problem.Hint!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ClaimAsync_WorkersHaveLessMemoryByNow_IsRefusedWithAWayOut()
    {
        ClaimResult first = await ClaimAsync(specification, slots: 2);
        PlanMemory needed = PlanMemory.Of(new PlanGeometry(first.Plan!), slots: 2, keptBytes: 0, _ => 0);
        ClaimResult second = await ClaimAsync(specification, slots: 2, needed.Total - 1);
        Assert.Null(second.Plan);
        Contracts.Problem problem = Assert.Single(second.Problems);
        Assert.Contains($"a worker has {needed.Total - 1}", problem.Message, StringComparison.Ordinal);
        Assert.Contains("--memory", problem.Hint!, StringComparison.Ordinal);
        Assert.Contains("delete s/out.zarr.upweave", problem.Hint!, StringComparison.Ordinal);
        Assert.True((await ClaimAsync(specification, slots: 2, 2 * needed.Total)).Resumed);
    }

    [Fact]
    public async Task ClaimAsync_DamagedPlan_IsRefused()
    {
        await ClaimAsync(specification);
        await File.WriteAllTextAsync(folder.FileOf(JobPaths.Plan("out.zarr")), "{", TestContext.Current.CancellationToken);
        ClaimResult second = await ClaimAsync(specification);
        Assert.Null(second.Plan);
        Assert.Equal("output", Assert.Single(second.Problems).Field);
    }

    [Fact]
    public async Task ClaimAsync_TwoJobsAtOnce_OneWins()
    {
        for (int round = 0; round < 20; round++)
        {
            JobSpecification one = specification with { Output = $"s/out{round}.zarr" };
            ClaimResult[] results = await Task.WhenAll(
                Task.Run(() => ClaimAsync(one)), Task.Run(() => ClaimAsync(one with { Dtype = "float16" })));
            ClaimResult winner = Assert.Single(results, result => result.Plan is not null);
            JobPlan? kept = await PlanStore.ReadAsync(folder.Place($"out{round}.zarr"), TestContext.Current.CancellationToken);
            Assert.Equal(winner.Plan!.Hash, kept!.Hash);
            Assert.Equal("output", Assert.Single(Assert.Single(results, result => result.Plan is null).Problems).Field);
        }
    }

    [Fact]
    public async Task ClaimAsync_SameJobTwiceAtOnce_HasOnePlan()
    {
        for (int round = 0; round < 20; round++)
        {
            JobSpecification one = specification with { Output = $"s/out{round}.zarr" };
            ClaimResult[] results = await Task.WhenAll(
                Task.Run(() => ClaimAsync(one, slots: 1)), Task.Run(() => ClaimAsync(one, slots: 8)));
            Assert.Equal(results[0].Plan!.Hash, results[1].Plan!.Hash);
            Assert.Single(results, result => !result.Resumed);
        }
    }

    public void Dispose() => folder.Dispose();

    private Task<ClaimResult> ClaimAsync(JobSpecification wanted, int slots = 2, long memory = 2L << 30) =>
        new JobClaim(
            Plans.Planner(folder, options => (options.WorkerSlots, options.WorkerMemoryBytes) = (slots, memory)), folder.Stores, Leadership.Alone)
            .ClaimAsync(wanted, TestContext.Current.CancellationToken);
}
