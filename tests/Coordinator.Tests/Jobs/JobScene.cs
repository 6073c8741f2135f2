using Microsoft.Extensions.Options;
using Upweave.Contracts.Messages;
using Upweave.Contracts.Plans;
using Upweave.Contracts.Specification;
using Upweave.Coordinator.Jobs;
using Upweave.Planning;
using Upweave.Storage.Stores;
using Upweave.Tests;
using Upweave.Tiling;

namespace Upweave.Coordinator.Tests.Jobs;

/// <summary>A job of 8 tiles in a temporary folder: [8,6] twice as large, two rows of [16,12] a tile, or [4,6] of it for zarr.</summary>
internal sealed class JobScene : IDisposable
{
    public const int Tiles = 8;

    private JobScene(JobFolder folder, JobPlan plan)
    {
        Folder = folder;
        Plan = plan;
        Worker = new ScriptedWorker(plan, Place);
    }

    public JobFolder Folder { get; }

    public JobPlan Plan { get; }

    public StoreLocation Place => Folder.Stores.Resolve(Plan.Output.Reference);

    public ManualTime Time { get; } = new();

    public LogLines<JobService> Log { get; } = new();

    /// <summary>What the next run knows of the fleet.</summary>
    public IFleetWatch? Watch { get; set; }

    /// <summary>The worker of the next run.</summary>
    public ScriptedWorker Worker { get; private set; }

    /// <summary>How the last run ended.</summary>
    public object End => Worker.Said[^1];

    public static async Task<JobScene> StartAsync(string output = "out.npy", Action<JobFolder>? prepare = null, bool overwrite = false)
    {
        JobFolder folder = new();
        folder.WriteNpy("in.npy", [8, 6], Numbers.Floats(48));
        prepare?.Invoke(folder);
        long[] tile = output.EndsWith(".npy", StringComparison.Ordinal) ? [2, 12] : [4, 6];
        JobSpecification specification = Plans.Nearest("s/in.npy", "s/" + output, tile) with
        {
            Overwrite = overwrite ? true : null,
            Dtype = output.EndsWith(".png", StringComparison.Ordinal) ? "uint8" : null,
        };
        JobPlan plan = await Plans.MakeAsync(folder, specification, options => options.WorkerSlots = 1);
        Assert.Equal(Tiles, plan.Prediction.Tiles);
        Assert.True(await PlanStore.ClaimAsync(folder.Place(output), plan, TestContext.Current.CancellationToken));
        return new JobScene(folder, plan);
    }

    /// <summary>Forgets everything but the store, as a new process does.</summary>
    public ScriptedWorker Restart() => Worker = new ScriptedWorker(Plan, Place);

    public Task RunAsync() => RunUntilAsync(TestContext.Current.CancellationToken);

    /// <summary>Runs while the clock goes on by these steps, each when nothing is left to do but wait for it, and not a tick earlier.</summary>
    public async Task RunThroughAsync(params TimeSpan[] steps)
    {
        Task run = RunAsync();
        foreach (TimeSpan step in steps)
        {
            await Task.WhenAny(Time.TimerAsync(), run);
            Time.Advance(step - TimeSpan.FromTicks(1));
            Assert.False(run.IsCompleted);
            Time.Advance(TimeSpan.FromTicks(1));
        }

        await run;
    }

    public Task RunUntilAsync(CancellationToken cancellationToken) => RunAsync(Folder.Stores, cancellationToken);

    public Task RunAsync(IStoreCatalog stores, CancellationToken cancellationToken)
    {
        JobEnvironment environment = new(
            stores, Worker, Options.Create(new CoordinatorOptions { WindowRuns = 3, AttemptsMax = 3 }), Time, Log) { Watch = Watch };
        Worker.Job = new JobRun(Guid.NewGuid(), Plan, environment);
        return Worker.Job.RunAsync(cancellationToken);
    }

    /// <summary>The output is published, and nothing else is left.</summary>
    public void AssertPublished()
    {
        Assert.IsType<JobCompleted>(End);
        Assert.Equal(["in.npy", "out.npy", "out.npy.upweave.json"], Folder.Files);
        Assert.Equal(Enumerable.Range(0, 192).Select(index => (float)index), Folder.ReadNpy("out.npy", [16, 12]));
    }

    public void Dispose() => Folder.Dispose();
}
