using Upweave.Contracts.Messages;
using Upweave.Coordinator.Jobs;
using Upweave.Planning;

namespace Upweave.Coordinator.Tests.Jobs;

public sealed class JobRunTests
{
    [Fact]
    public async Task RunAsync_FreshJob_SendsEveryTileOnceAndPublishes()
    {
        using JobScene scene = await JobScene.StartAsync();
        await scene.RunAsync();
        scene.AssertPublished();
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], scene.Worker.Sent);
        JobSummary summary = Assert.IsType<JobCompleted>(scene.End).Summary;
        Assert.Equal(8, summary.TilesComputed);
        Assert.Equal([16, 12], summary.Shape);
        Assert.Equal(new TileCosts(4, 2, 1, 80, 800), summary.Costs);
    }

    [Fact]
    public async Task RunAsync_ZarrOutput_PublishesAllChunks()
    {
        using JobScene scene = await JobScene.StartAsync("out.zarr");
        await scene.RunAsync();
        Assert.IsType<JobCompleted>(scene.End);
        Assert.Equal(8, scene.Folder.Files.Count(file => file.StartsWith("out.zarr/c/", StringComparison.Ordinal)));
        Assert.Equal(10, scene.Folder.Files.Length); // the chunks, their zarr.json and the input
    }

    [Fact]
    public async Task RunAsync_CompletionsDeliveredTwice_CountOnce()
    {
        using JobScene scene = await JobScene.StartAsync();
        for (int tile = 0; tile < JobScene.Tiles; tile++)
        {
            scene.Worker.With(tile, Outcome.DoneTwice);
        }

        await scene.RunAsync();
        scene.AssertPublished();
        Assert.Equal(8, scene.Worker.Sent.Count);
        Assert.Equal(new TileCosts(4, 2, 1, 80, 800), Assert.IsType<JobCompleted>(scene.End).Summary.Costs);
        Assert.All(scene.Worker.Said.OfType<JobProgressed>(), progress => Assert.InRange(progress.TilesDone, 0, 8));
    }

    [Fact]
    public async Task RunAsync_TransientTwice_TriesAThirdTime()
    {
        using JobScene scene = await JobScene.StartAsync();
        scene.Worker.With(3, Outcome.Transient, Outcome.Transient);
        await scene.RunThroughAsync(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4));
        scene.AssertPublished();
        Assert.Equal(3, scene.Worker.Sent.Count(tile => tile == 3));
        Assert.Equal(10, scene.Worker.Sent.Count);
    }

    [Fact]
    public async Task RunAsync_TransientThreeTimes_FailsNamingTheTile()
    {
        using JobScene scene = await JobScene.StartAsync();
        scene.Worker.With(3, Outcome.Transient, Outcome.Transient, Outcome.Transient);
        await scene.RunThroughAsync(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4));
        JobFailed failed = Assert.IsType<JobFailed>(scene.End);
        Assert.Contains("tile 3", failed.Reason, StringComparison.Ordinal);
        Assert.Contains("scripted Transient", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(3, Assert.Single(failed.FailedTiles).Tile);
        Assert.Equal(7, scene.Worker.Sent.Distinct().Count(tile => tile != 3));
        Assert.DoesNotContain("out.npy", scene.Folder.Files);
    }

    [Fact]
    public async Task RunAsync_AfterAFailure_ComputesOnlyWhatIsMissing()
    {
        using JobScene scene = await JobScene.StartAsync();
        scene.Worker.With(3, Outcome.Corrupt).With(6, Outcome.Corrupt);
        await scene.RunAsync();
        Assert.Equal([3, 6], Assert.IsType<JobFailed>(scene.End).FailedTiles.Select(failure => failure.Tile));
        Assert.Equal(8, scene.Worker.Sent.Count);

        scene.Restart();
        await scene.RunAsync();
        scene.AssertPublished();
        Assert.Equal([3, 6], scene.Worker.Sent);
        Assert.Equal(2, Assert.IsType<JobCompleted>(scene.End).Summary.TilesComputed);
    }

    [Fact]
    public async Task RunAsync_Invalid_StopsEarly()
    {
        using JobScene scene = await JobScene.StartAsync();
        scene.Worker.With(0, Outcome.Invalid);
        await scene.RunAsync();
        Assert.Equal(0, Assert.Single(Assert.IsType<JobFailed>(scene.End).FailedTiles).Tile);
        Assert.InRange(scene.Worker.Sent.Count, 1, 3); // no more than the window
    }

    [Fact]
    public async Task RunAsync_Cancelled_LeavesNothing()
    {
        using JobScene scene = await JobScene.StartAsync();
        scene.Worker.BeforeEach = async run =>
        {
            if (run.FirstTile == 2)
                await scene.Worker.Job!.PostAsync(new CancelJob { JobId = run.JobId }, TestContext.Current.CancellationToken);
        };
        await scene.RunAsync();
        Assert.IsType<JobCancelled>(scene.End);
        Assert.Equal(["in.npy"], scene.Folder.Files);
        Assert.InRange(scene.Worker.Sent.Count, 3, 6);
    }

    [Fact]
    public async Task RunAsync_HostStops_SaysNothingAndKeepsWhatIsDone()
    {
        using JobScene scene = await JobScene.StartAsync();
        using CancellationTokenSource stop = new();
        scene.Worker.With(2, Outcome.Lost).With(3, Outcome.Lost).With(4, Outcome.Lost);
        Task run = scene.RunUntilAsync(stop.Token);
        await scene.Time.TimerAsync();
        await stop.CancelAsync();
        await run;
        Assert.All(scene.Worker.Said, said => Assert.IsType<JobProgressed>(said));

        long[] before = [.. scene.Worker.Sent];
        scene.Restart();
        await scene.RunAsync();
        scene.AssertPublished();
        Assert.Equal(Enumerable.Range(0, 8).Select(tile => (long)tile).Except(before.Except([2L, 3, 4])), scene.Worker.Sent);
    }

    [Fact]
    public async Task RunAsync_KilledBetweenCommitAndCleanUp_CompletesWithoutATile()
    {
        using JobScene scene = await JobScene.StartAsync();
        for (int tile = 0; tile < JobScene.Tiles; tile++)
        {
            await scene.Worker.WriteAsync(tile, TestContext.Current.CancellationToken);
        }

        JobOutput output = new(scene.Plan, new PlanGeometry(scene.Plan), scene.Place);
        Assert.True(await output.CommitAsync(TestContext.Current.CancellationToken));
        await scene.RunAsync();
        scene.AssertPublished();
        Assert.Empty(scene.Worker.Sent);
    }

    [Fact]
    public async Task RunAsync_KilledInCleanUp_LeavesNoClaimToGoOnWith()
    {
        using JobScene scene = await JobScene.StartAsync();
        string staged = scene.Folder.FileOf($"{JobPaths.Side("out.npy")}/{scene.Plan.Hash}");
        await scene.RunAsync(
            DyingStore.Catalog(scene.Folder.Stores, () => Directory.Delete(staged, recursive: true)), TestContext.Current.CancellationToken);
        Assert.True(File.Exists(scene.Folder.FileOf("out.npy")));
        Assert.Null(await PlanStore.ReadAsync(scene.Place, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task RunAsync_KilledBeforeCommit_PublishesWithoutATile()
    {
        using JobScene scene = await JobScene.StartAsync();
        for (int tile = 0; tile < JobScene.Tiles; tile++)
        {
            await scene.Worker.WriteAsync(tile, TestContext.Current.CancellationToken);
        }

        scene.Restart();
        await scene.RunAsync();
        scene.AssertPublished();
        Assert.Empty(scene.Worker.Sent);
    }

    [Fact]
    public async Task RunAsync_PlaceTakenBeforeTheStart_FailsBeforeAnyTile()
    {
        using JobScene scene = await JobScene.StartAsync();
        await scene.RunAsync(TakenStore.Catalog(scene.Folder.Stores), TestContext.Current.CancellationToken);
        Assert.Contains("not what it was", Assert.IsType<JobFailed>(scene.End).Reason, StringComparison.Ordinal);
        Assert.Empty(scene.Worker.Sent);
    }

    [Fact]
    public async Task RunAsync_OutputAppearsMeanwhile_FailsAndLeavesItAlone()
    {
        using JobScene scene = await JobScene.StartAsync();
        string file = scene.Folder.FileOf("out.npy");
        scene.Worker.BeforeEach = _ => File.WriteAllTextAsync(file, "somebody else's", TestContext.Current.CancellationToken);
        await scene.RunAsync();
        Assert.Contains("not what it was", Assert.IsType<JobFailed>(scene.End).Reason, StringComparison.Ordinal);
        Assert.Equal("somebody else's", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));

        File.Delete(file);
        scene.Restart();
        await scene.RunAsync();
        scene.AssertPublished();
        Assert.Empty(scene.Worker.Sent);
    }

    [Fact]
    public async Task RunAsync_Overwrite_ReplacesTheOldOutput()
    {
        using JobScene scene = await JobScene.StartAsync(
            prepare: folder => File.WriteAllText(folder.FileOf("out.npy"), "old"), overwrite: true);
        Assert.NotNull(scene.Plan.Output.Replaces);
        await scene.RunAsync();
        scene.AssertPublished();
    }

    [Fact]
    public async Task RunAsync_OverwrittenOutputChangesMeanwhile_LeavesItAlone()
    {
        using JobScene scene = await JobScene.StartAsync(
            prepare: folder => File.WriteAllText(folder.FileOf("out.npy"), "old"), overwrite: true);
        await File.WriteAllTextAsync(scene.Folder.FileOf("out.npy"), "newer", TestContext.Current.CancellationToken);
        await scene.RunAsync();
        Assert.IsType<JobFailed>(scene.End);
        Assert.Equal("newer", await File.ReadAllTextAsync(scene.Folder.FileOf("out.npy"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task RunAsync_TilesOfAnotherPlan_DoNotCount()
    {
        using JobScene scene = await JobScene.StartAsync();
        ScriptedWorker foreign = new(scene.Plan with { Hash = "00000000000000000000000000000000" }, scene.Place);
        for (int tile = 0; tile < JobScene.Tiles; tile++)
        {
            await foreign.WriteAsync(tile, TestContext.Current.CancellationToken);
        }

        await scene.RunAsync();
        scene.AssertPublished();
        Assert.Equal(8, scene.Worker.Sent.Count);
    }
}
