using System.Reflection;
using Upweave.Contracts.Messages;
using Upweave.Coordinator.Jobs;
using Upweave.Storage.Stores;

namespace Upweave.Coordinator.Tests.Jobs;

/// <summary>Jobs that are paused after their third tile. The clock is the test's.</summary>
public sealed class JobPauseTests
{
    [Fact]
    public async Task Pause_UnderWay_FinishesWhatIsOutAndGoesOnWhenResumed()
    {
        using JobScene scene = await StartAsync();
        Task run = scene.RunAsync();
        await scene.Time.TimerAsync();
        Assert.True(scene.Worker.Job!.Status.Paused);
        Assert.Equal(0, scene.Worker.Job.TilesRemaining); // nothing that a fleet should be kept for
        Assert.Equal(JobState.Running, scene.Worker.Job.Status.State);
        int sent = scene.Worker.Sent.Count;
        Assert.InRange(sent, 3, 5); // no more than the window
        Assert.Equal(sent, scene.Worker.Job.Status.Progress.TilesDone);
        scene.Time.Advance(TimeSpan.FromHours(3)); // no silence to worry about
        Assert.Equal(sent, scene.Worker.Sent.Count);
        await PostAsync(scene, new ResumeJob { JobId = scene.Worker.Job.Id });
        await run;
        scene.AssertPublished();
        Assert.Equal(8, scene.Worker.Sent.Count);
        Assert.False(scene.Worker.Job.Status.Paused);
    }

    [Fact]
    public async Task Cancel_WhilePaused_EndsIt()
    {
        using JobScene scene = await StartAsync();
        Task run = scene.RunAsync();
        await scene.Time.TimerAsync();
        await PostAsync(scene, new CancelJob { JobId = scene.Worker.Job!.Id });
        await run;
        Assert.IsType<JobCancelled>(scene.End);
        Assert.Equal(["in.npy"], scene.Folder.Files);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pause_ForFiveDays_WarnsWhereTheStoreForgetsBlocks(bool forgets)
    {
        using JobScene scene = await StartAsync();
        IStoreCatalog stores = forgets ? new Forgetful(scene.Folder.Stores) : scene.Folder.Stores;
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task run = scene.RunAsync(stores, stop.Token);
        await scene.Time.TimerAsync();
        scene.Time.Advance(TimeSpan.FromDays(5) - TimeSpan.FromTicks(1));
        Assert.Null(scene.Worker.Job!.Status.Warning);
        scene.Time.Advance(TimeSpan.FromTicks(1));
        await scene.Time.TimerAsync(); // it has woken, and waits again
        Assert.Equal(forgets, scene.Worker.Job.Status.Warning is not null);
        Assert.Equal(forgets, scene.Log.All.Any(line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains("7 days")));
        await stop.CancelAsync();
        await run;
    }

    private static async Task<JobScene> StartAsync()
    {
        JobScene scene = await JobScene.StartAsync();
        scene.Worker.BeforeEach = run => run.FirstTile == 2 ? PostAsync(scene, new PauseJob { JobId = run.JobId }) : Task.CompletedTask;
        return scene;
    }

    private static Task PostAsync(JobScene scene, object said) =>
        scene.Worker.Job!.PostAsync(said, TestContext.Current.CancellationToken).AsTask();

    /// <summary>Stores that keep blocks for a week, as Azure does.</summary>
    private sealed class Forgetful(IStoreCatalog stores) : IStoreCatalog
    {
        public StoreLocation Resolve(string reference)
        {
            StoreLocation location = stores.Resolve(reference);
            return location with { Store = ForgetfulStore.Of(location.Store) };
        }
    }
}

/// <summary>A store that keeps blocks for a week.</summary>
public class ForgetfulStore : DispatchProxy
{
    private IObjectStore inner = null!;

    public static IObjectStore Of(IObjectStore store)
    {
        IObjectStore proxy = Create<IObjectStore, ForgetfulStore>();
        ((ForgetfulStore)(object)proxy).inner = store;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Name == $"get_{nameof(IObjectStore.BlocksKept)}" ? TimeSpan.FromDays(7) : targetMethod.Invoke(inner, args);
}
