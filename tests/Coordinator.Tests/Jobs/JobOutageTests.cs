using Upweave.Contracts.Messages;
using Upweave.Coordinator.Jobs;

namespace Upweave.Coordinator.Tests.Jobs;

/// <summary>Stores and brokers that are away for longer than anybody tries: a job waits, and goes on. The clock is the test's.</summary>
public sealed class JobOutageTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("out.npy", 1)]
    [InlineData("out.npy", 30)]
    [InlineData("out.zarr", 1)]
    [InlineData("out.zarr", 30)]
    public async Task RunAsync_EveryRequestOfTheCoordinatorFailsAtFirst_CompletesAllTheSame(string output, int times)
    {
        using JobScene scene = await JobScene.StartAsync(output);
        FailingStore.Faults stores = new(scene.Folder.Stores, times);
        await RunThroughAsync(scene, scene.RunAsync(stores, Cancelled), TimeSpan.FromMinutes(1));
        Assert.IsType<JobCompleted>(scene.End);
        Assert.Equal(8, scene.Worker.Sent.Count);
        Assert.True(stores.Requests.Count > 5, string.Join(", ", stores.Requests));
        Assert.Contains(scene.Log.All, line => line.Contains("waits for a store", StringComparison.Ordinal));
        Assert.Contains(scene.Log.All, line => line.Contains("answers again", StringComparison.Ordinal));
        Assert.DoesNotContain(scene.Folder.Files, file => file.Contains(".upweave/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_StoreOfTheWorkersAwayForHours_QuarantinesNoTile()
    {
        using JobScene scene = await JobScene.StartAsync();
        scene.Worker.With(2, [.. Enumerable.Repeat(Outcome.Postponed, 300)]).With(6, [.. Enumerable.Repeat(Outcome.Postponed, 300), Outcome.Transient]);
        string? warning = null;
        scene.Worker.Announced = _ => warning ??= scene.Worker.Job!.Status.Warning;
        await RunThroughAsync(scene, scene.RunAsync(), RetryPolicy.WaitMax);
        scene.AssertPublished();
        Assert.Equal("scripted Transient", warning);
        Assert.Null(scene.Worker.Job!.Status.Warning);
        Assert.Equal(301, scene.Worker.Sent.Count(tile => tile == 2));
    }

    /// <summary>Workers that put tiles off beside others that compute them: once a minute is often enough for the log.</summary>
    [Fact]
    public async Task RunAsync_EveryOtherTilePutOff_IsLoggedOnce()
    {
        using JobScene scene = await JobScene.StartAsync();
        for (int tile = 1; tile < JobScene.Tiles; tile += 2)
            scene.Worker.With(tile, [Outcome.Postponed]);
        await RunThroughAsync(scene, scene.RunAsync(), TimeSpan.FromSeconds(1));
        scene.AssertPublished();
        Assert.Single(scene.Log.All, line => line.Contains("tiles are put off", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_StoreAwayForMoreThanADay_FailsInTheEnd()
    {
        using JobScene scene = await JobScene.StartAsync();
        scene.Worker.With(2, [.. Enumerable.Repeat(Outcome.Postponed, RetryPolicy.PostponementsMax + 3)]);
        await RunThroughAsync(scene, scene.RunAsync(), RetryPolicy.WaitMax);
        Assert.Equal(2, Assert.Single(Assert.IsType<JobFailed>(scene.End).FailedTiles).Tile);
    }

    [Fact]
    public async Task RunAsync_OnlyWorkersWithTooLittleMemory_WarnsAndFailsSoonSayingSo()
    {
        using JobScene scene = await JobScene.StartAsync();
        for (int tile = 0; tile < JobScene.Tiles; tile++)
        {
            scene.Worker.With(tile, [.. Enumerable.Repeat(Outcome.ShortOfMemory, 1000)]);
        }

        string? warning = null;
        scene.Worker.Announced = _ => warning ??= scene.Worker.Job!.Status.Warning;
        DateTimeOffset start = scene.Time.GetUtcNow();
        await RunThroughAsync(scene, scene.RunAsync(), RetryPolicy.PostponedMax);
        Assert.InRange(scene.Time.GetUtcNow() - start, StageRunner.StallTimeout, StageRunner.StallTimeout + TimeSpan.FromMinutes(1));
        Assert.Equal("scripted Transient", warning);
        JobFailed failed = Assert.IsType<JobFailed>(scene.End);
        Assert.Contains("only workers with too little memory have answered. scripted", failed.Reason, StringComparison.Ordinal);
        Assert.InRange(failed.FailedTiles.Count, 1, 3); // what was out just then
        Assert.All(failed.FailedTiles, tile => Assert.Equal(TileErrorKind.Invalid, tile.Kind));
    }

    /// <summary>Tiles that come to the small worker again and again, for half an hour in all; one is done by another every three minutes.</summary>
    [Fact]
    public async Task RunAsync_AWorkerWithTooLittleMemoryBesideABusyOne_Completes()
    {
        using JobScene scene = await JobScene.StartAsync();
        for (int tile = 0; tile < JobScene.Tiles; tile++)
        {
            scene.Worker.With(tile, [.. Enumerable.Repeat(Outcome.ShortOfMemory, 14 * (tile + 1))]);
        }

        DateTimeOffset start = scene.Time.GetUtcNow();
        await RunThroughAsync(scene, scene.RunAsync(), RetryPolicy.PostponedMax);
        scene.AssertPublished();
        Assert.InRange(scene.Time.GetUtcNow() - start, 4 * StageRunner.StallTimeout, TimeSpan.MaxValue); // or it shows nothing
    }

    /// <summary>More often than a tile may be lost: but it is the broker that loses them.</summary>
    [Fact]
    public async Task RunAsync_BrokerLosesEverythingAgainAndAgain_SendsItAgainAtOnce()
    {
        using JobScene scene = await JobScene.StartAsync();
        scene.Worker.With(1, [.. Enumerable.Repeat(Outcome.Lost, 10)]).With(2, Outcome.Unreported);
        Task run = scene.RunAsync();
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(2));
        while (!run.IsCompleted)
        {
            scene.Worker.Job!.Post(BrokerReturned.Instance);
            await timer.WaitForNextTickAsync(Cancelled);
        }

        await run;
        scene.AssertPublished();
        Assert.Equal(11, scene.Worker.Sent.Count(tile => tile == 1));
        Assert.Equal(1, scene.Worker.Sent.Count(tile => tile == 2));
    }

    [Fact]
    public async Task RunAsync_ReportsOfTilesThatThePlanDoesNotHave_AreNoNews()
    {
        using JobScene scene = await JobScene.StartAsync();
        scene.Worker.BeforeEach = async run =>
        {
            TilesCompleted completed = new()
            {
                JobId = run.JobId, PlanHash = run.PlanHash, Stage = run.Stage, FirstTile = 7, TileCount = 2, Costs = TileCosts.Zero, Worker = "w",
            };
            await scene.Worker.Job!.PostAsync(completed, Cancelled);
            TileFailed failed = new()
            {
                JobId = run.JobId, PlanHash = run.PlanHash, Stage = run.Stage, Tile = 8, Attempt = 1, Kind = TileErrorKind.Invalid, Message = "m", Worker = "w",
            };
            await scene.Worker.Job.PostAsync(failed, Cancelled);
        };
        await scene.RunAsync();
        scene.AssertPublished();
        Assert.Equal(8, scene.Worker.Sent.Count);
    }

    /// <summary>Blocks of the first tile vanish when the file is to be published.</summary>
    [Fact]
    public async Task RunAsync_StoreHasLostBlocksAtTheEnd_ComputesThemAgain()
    {
        using JobScene scene = await JobScene.StartAsync();
        bool isLost = false;
        scene.Worker.Announced = happened =>
        {
            if (isLost || happened is not JobProgressed { Stage: JobStage.Commit })
                return;
            isLost = true;
            string[] staged = [.. scene.Folder.Files.Where(file => file.Contains(".upweave/" + scene.Plan.Hash + "/", StringComparison.Ordinal))];
            Assert.NotEmpty(staged);
            Array.ForEach(staged, file => File.Delete(scene.Folder.FileOf(file)));
        };
        await scene.RunAsync();
        Assert.True(isLost);
        scene.AssertPublished();
        Assert.Equal(16, scene.Worker.Sent.Count);
        Assert.Contains(scene.Log.All, line => line.Contains("computed again", StringComparison.Ordinal));
    }

    private static async Task RunThroughAsync(JobScene scene, Task run, TimeSpan step)
    {
        while (!run.IsCompleted)
        {
            await Task.WhenAny(scene.Time.TimerAsync(), run);
            scene.Time.Advance(step);
        }

        await run;
    }
}
