using Upweave.Contracts.Messages;
using Upweave.Coordinator.Jobs;
using Upweave.Planning;

namespace Upweave.Coordinator.Tests.Jobs;

/// <summary>What a job does because time passes. The clock is the test's.</summary>
public sealed class JobTimeTests
{
    [Fact]
    public async Task RunAsync_LostMessage_GoesOutAgainAfterTheTimeoutAndNotBefore()
    {
        using JobScene scene = await JobScene.StartAsync();
        scene.Worker.With(5, Outcome.Lost);
        Task run = scene.RunAsync();
        await UntilOnlyWaitingAsync(scene, run);
        scene.Time.Advance(StageRunner.StallTimeout - TimeSpan.FromTicks(1));
        Assert.False(run.IsCompleted);
        Assert.Single(scene.Worker.Sent, tile => tile == 5);
        scene.Time.Advance(TimeSpan.FromTicks(1));
        await run;
        scene.AssertPublished();
        Assert.Equal(2, scene.Worker.Sent.Count(tile => tile == 5));
    }

    [Fact]
    public async Task RunAsync_AnswerLost_FindsTheTileInTheStore()
    {
        using JobScene scene = await JobScene.StartAsync();
        scene.Worker.With(5, Outcome.Unreported).With(7, Outcome.Unreported);
        Task run = scene.RunAsync();
        await UntilOnlyWaitingAsync(scene, run);
        scene.Time.Advance(StageRunner.StallTimeout);
        await run;
        scene.AssertPublished();
        Assert.Equal(8, scene.Worker.Sent.Count);
        Assert.Equal(8, scene.Worker.Said.OfType<JobProgressed>().Last().TilesDone);
    }

    [Fact]
    public async Task RunAsync_LostThreeTimes_FailsNamingTheTile()
    {
        using JobScene scene = await JobScene.StartAsync();
        scene.Worker.With(5, Outcome.Lost, Outcome.Lost, Outcome.Lost);
        Task run = scene.RunAsync();
        for (int silence = 0; silence < 3; silence++)
        {
            await UntilOnlyWaitingAsync(scene, run);
            scene.Time.Advance(StageRunner.StallTimeout);
        }

        await run;
        TileFailed failure = Assert.Single(Assert.IsType<JobFailed>(scene.End).FailedTiles);
        Assert.Equal(5, failure.Tile);
        Assert.Contains("No worker answered", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>A fleet is scaled to nothing, or waits for machines: what it would do is not lost by that.</summary>
    [Fact]
    public async Task RunAsync_NobodyThereForADay_WaitsAndGoesOnWhenSomebodyIs()
    {
        using JobScene scene = await JobScene.StartAsync();
        scene.Worker.With(5, Outcome.Lost);
        ScriptedWatch watch = new() { IsAnyoneThere = false };
        scene.Watch = watch;
        Task run = scene.RunAsync();
        for (int silence = 0; silence < 24 * 12; silence++)
        {
            await UntilOnlyWaitingAsync(scene, run);
            scene.Time.Advance(StageRunner.StallTimeout);
        }

        await UntilOnlyWaitingAsync(scene, run);
        Assert.Single(scene.Worker.Sent, tile => tile == 5);
        Assert.Equal(24 * 12, watch.Asked);
        Assert.Contains($"Warning: Job {scene.Worker.Job!.Id}: no worker is connected; 1 tiles wait in the queue. hint: start workers", scene.Log.All);
        watch.IsAnyoneThere = true;
        scene.Time.Advance(StageRunner.StallTimeout);
        await run;
        scene.AssertPublished();
        Assert.Equal(2, scene.Worker.Sent.Count(tile => tile == 5));
    }

    [Fact]
    public async Task RunAsync_BrokerDoesNotSayWhoIsThere_GoesOnAsIfSomebodyWere()
    {
        using JobScene scene = await JobScene.StartAsync();
        scene.Worker.With(5, Outcome.Lost);
        scene.Watch = new ScriptedWatch { IsAnyoneThere = null };
        await scene.RunThroughAsync(StageRunner.StallTimeout);
        scene.AssertPublished();
    }

    [Fact]
    public async Task RunAsync_CancelledWhileATileIsLost_GivesUpTheClaimAndEndsSoon()
    {
        using JobScene scene = await JobScene.StartAsync();
        scene.Worker.With(1, Outcome.Lost);
        scene.Worker.BeforeEach = async run =>
        {
            if (run.FirstTile == 2)
                await scene.Worker.Job!.PostAsync(new CancelJob { JobId = run.JobId }, TestContext.Current.CancellationToken);
        };
        Task run = scene.RunAsync();
        await UntilOnlyWaitingAsync(scene, run);
        Assert.DoesNotContain(JobPaths.Plan("out.npy"), scene.Folder.Files);
        Assert.False(run.IsCompleted);
        scene.Time.Advance(StageRunner.CancelTimeout);
        await run;
        Assert.IsType<JobCancelled>(scene.End);
        Assert.Equal(["in.npy"], scene.Folder.Files);
    }

    [Fact]
    public async Task RunAsync_ClockStandsStill_SavesNoCheckpointAndSaysLittle()
    {
        using JobScene scene = await JobScene.StartAsync();
        scene.Worker.With(7, Outcome.Corrupt);
        await scene.RunAsync();
        Assert.DoesNotContain(scene.Folder.Files, file => file.EndsWith(".done", StringComparison.Ordinal));
        Assert.InRange(scene.Worker.Said.OfType<JobProgressed>().Count(), 1, 2);
    }

    [Fact]
    public async Task RunAsync_TimePasses_SavesTheCheckpointAndReports()
    {
        using JobScene scene = await JobScene.StartAsync();
        scene.Worker.With(7, Outcome.Corrupt);
        scene.Worker.BeforeEach = _ =>
        {
            scene.Time.Advance(TileCheckpoint.Interval);
            return Task.CompletedTask;
        };
        await scene.RunAsync();
        byte[] saved = await File.ReadAllBytesAsync(
            scene.Folder.FileOf(JobPaths.Checkpoint("out.npy", scene.Plan.Hash)), TestContext.Current.CancellationToken);
        Assert.Equal(0, saved[0] & 0x80);
        Assert.True(byte.PopCount(saved[0]) >= 4, $"Only {saved[0]:b8} was saved.");
        long[] reported = [.. scene.Worker.Said.OfType<JobProgressed>().Select(progress => progress.TilesDone)];
        Assert.True(reported.Length >= 5);
        Assert.Equal(reported.Order(), reported);
    }

    private sealed class ScriptedWatch : IFleetWatch
    {
        public bool? IsAnyoneThere { get; set; }

        public int Asked { get; private set; }

        public Task<bool?> IsAnyoneThereAsync(CancellationToken cancellationToken)
        {
            Asked++;
            return Task.FromResult(IsAnyoneThere);
        }
    }

    /// <summary>
    /// The scripted worker answers while it is called, so the job sets its next timer only when all it can still hope
    /// for is an answer that will not come.
    /// </summary>
    private static async Task UntilOnlyWaitingAsync(JobScene scene, Task run) => await Task.WhenAny(scene.Time.TimerAsync(), run);
}
