using Upweave.Contracts.Plans;
using Upweave.Contracts.Specification;
using Upweave.Planning;
using Upweave.Storage;
using Upweave.Tests;
using Upweave.Worker.Jobs;

namespace Upweave.Worker.Tests;

public sealed class JobContextsTests
{
    [Fact]
    public async Task RentAsync_AtOnce_OpensTheJobOnce()
    {
        await using WorkerScene scene = await WorkerScene.StartAsync();
        JobContext[] contexts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            () => scene.Jobs.RentAsync(scene.Plan, scene.Place, TestContext.Current.CancellationToken))));
        Assert.All(contexts, context => Assert.Same(contexts[0], context));
    }

    [Fact]
    public async Task ReturnAsync_ManyIdleJobs_ClosesThoseNotUsedForLongest()
    {
        await using WorkerScene scene = await WorkerScene.StartAsync();
        JobPlan[] plans = [scene.Plan, await PlanAsync(scene, "b.npy"), await PlanAsync(scene, "c.npy")];
        JobContext[] first = [.. await RentAllAsync(scene, plans)];
        foreach (JobContext context in first)
        {
            await scene.Jobs.ReturnAsync(context);
        }

        JobContext[] second = [.. await RentAllAsync(scene, plans[1..])];
        Assert.Same(first[1], second[0]);
        Assert.Same(first[2], second[1]);
        Assert.NotSame(first[0], await scene.Jobs.RentAsync(plans[0], scene.Place, TestContext.Current.CancellationToken));
        Assert.Throws<ObjectDisposedException>(() => ComputeFirstTile(first[0]));
        ComputeFirstTile(second[0]);
    }

    [Fact]
    public async Task RentAsync_CannotBeOpened_TriesAgainNextTime()
    {
        await using WorkerScene scene = await WorkerScene.StartAsync();
        string file = scene.Folder.FileOf("w.npy");
        File.Move(file, file + ".away");
        await Assert.ThrowsAnyAsync<Exception>(() => scene.Jobs.RentAsync(scene.Plan, scene.Place, TestContext.Current.CancellationToken));
        File.Move(file + ".away", file);
        Assert.NotNull(await scene.Jobs.RentAsync(scene.Plan, scene.Place, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task RentAsync_SlopesChangedSincePlanned_IsRefused()
    {
        await using WorkerScene scene = await WorkerScene.StartAsync();
        scene.Folder.WriteNpy("a.npy", [3], [1, 2, 3]);
        LayerSpecification layer = new() { Weights = "s/w.npy", Strides = [2], Activation = new() { Type = "prelu", Slope = "s/a.npy" } };
        JobPlan plan = await Plans.MakeAsync(scene.Folder, Plans.Weights("s/in.npy", "s/b.npy", layer));
        scene.Folder.WriteNpy("a.npy", [1], [7]);
        await Assert.ThrowsAsync<ObjectChangedException>(() => scene.Jobs.RentAsync(plan, scene.Place, TestContext.Current.CancellationToken));
    }

    private static void ComputeFirstTile(JobContext job)
    {
        TileBoxes boxes = job.Geometry.Boxes(0);
        job.Kernel.Compute(
            new float[boxes.Region.Volume * job.Geometry.Layer.InputChannels], boxes.Region, new float[boxes.Array.Volume], boxes.Spatial, 1,
            new float[job.Footprint.Workspace / sizeof(float)], TestContext.Current.CancellationToken);
    }

    private static Task<JobPlan> PlanAsync(WorkerScene scene, string output) => Plans.MakeAsync(
        scene.Folder, Plans.Weights("s/in.npy", "s/" + output, new LayerSpecification { Weights = "s/w.npy", Strides = [2] }));

    private static async Task<List<JobContext>> RentAllAsync(WorkerScene scene, JobPlan[] plans)
    {
        List<JobContext> contexts = [];
        foreach (JobPlan plan in plans)
        {
            contexts.Add(await scene.Jobs.RentAsync(
                plan, scene.Folder.Stores.Resolve(plan.Output.Reference), TestContext.Current.CancellationToken));
        }

        return contexts;
    }
}
