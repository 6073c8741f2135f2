using Upweave.Contracts;
using Upweave.Contracts.Plans;
using Upweave.Planning;
using Upweave.Storage.Stores;
using Upweave.Tests;
using Upweave.Worker.Jobs;

namespace Upweave.Worker.Tests;

/// <summary>A worker knows at every run which plan holds an output.</summary>
public sealed class PlanCacheTests : IDisposable
{
    private readonly JobFolder folder = new();
    private readonly PlanCache cache = new();

    public PlanCacheTests() => folder.WriteNpy("in.npy", [8, 6], Numbers.Floats(48));

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task FindAsync_PlanComesChangesAndGoes_IsSeenEachTime()
    {
        JobPlan first = await Plans.MakeAsync(folder, Plans.Nearest("s/in.npy", "s/out.npy"));
        JobPlan second = first with { TilesPerRun = first.TilesPerRun + 1 };
        second = second with { Hash = ContractJson.Hash(second) };
        StoreLocation output = folder.Place("out.npy");
        Assert.Null(await FindAsync(output));
        await PlanStore.ClaimAsync(output, first, TestContext.Current.CancellationToken);
        Assert.Equal(first.Hash, (await FindAsync(output))!.Hash);
        Assert.Same(await FindAsync(output), await FindAsync(output));
        await output.Store.DeleteAsync(JobPaths.Plan("out.npy"), TestContext.Current.CancellationToken);
        Assert.Null(await FindAsync(output));
        await PlanStore.ClaimAsync(output, second, TestContext.Current.CancellationToken);
        Assert.Equal(second.Hash, (await FindAsync(output))!.Hash);
    }

    private Task<JobPlan?> FindAsync(StoreLocation output) => cache.FindAsync("s/out.npy", output, TestContext.Current.CancellationToken);
}
