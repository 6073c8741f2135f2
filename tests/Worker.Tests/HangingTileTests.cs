using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Upweave.Contracts.Messages;
using Upweave.Contracts.Plans;
using Upweave.Planning;
using Upweave.Worker.Devices;
using Upweave.Worker.Jobs;
using Upweave.Worker.Tiles;

namespace Upweave.Worker.Tests;

/// <summary>Tiles that take too long. The clock is the test's.</summary>
public sealed class HangingTileTests
{
    [Fact]
    public async Task Consume_ReadingHangs_GivesTheTileUpAfterItsLimitAndGoesOn()
    {
        await using WorkerScene scene = await WorkerScene.StartAsync();
        HangingStore.Switch stores = new(scene.Folder.Stores);
        FakeTimeProvider time = new();
        await using JobContexts jobs = new(stores, Options.Create(new WorkerOptions { Slots = 2 }), new ProcessorDevice(), NullLogger<JobContexts>.Instance);
        TileRunService runs = scene.RunsOf(stores, jobs, time);
        await runs.RunAsync(scene.Message(0, 1), scene.Heard, TestContext.Current.CancellationToken);

        stores.Hung = new TaskCompletionSource();
        Task run = runs.RunAsync(scene.Message(1, 1), scene.Heard, TestContext.Current.CancellationToken);
        await stores.Hung.Task;
        time.Advance(TileLimit.Of(scene.Plan) - TimeSpan.FromTicks(1));
        Assert.False(run.IsCompleted);
        time.Advance(TimeSpan.FromTicks(1));
        await run;
        Assert.Equal("done 0+1, failed 1", scene.Heard.Story);
        TileFailed failed = Assert.Single(scene.Heard.Failed);
        Assert.Equal(TileErrorKind.Transient, failed.Kind);
        Assert.Contains("not done after 4 minutes", failed.Message, StringComparison.Ordinal);
        Assert.Equal("w", failed.Worker);

        stores.Hung = null;
        await runs.RunAsync(scene.Message(1, 5), scene.Heard, TestContext.Current.CancellationToken);
        Assert.Equal(scene.Expected, await scene.CommitAsync());
    }

    [Fact]
    public async Task RunAsync_HostStops_IsNotALateTile()
    {
        using CancellationTokenSource stop = new();
        Task<int> work = TimeLimited.RunAsync(
            async token =>
            {
                await stop.CancelAsync();
                await new TaskCompletionSource().Task.WaitAsync(token);
                return 1;
            },
            TimeSpan.FromMinutes(4), new FakeTimeProvider(), stop.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work);
    }

    /// <summary>A quarter of the output, 10^9 bytes and 4 * 10^10 operations: 250 s for the bytes at 10^6 a second, 100 s for these at 10^8.</summary>
    [Fact]
    public async Task Of_LargeTile_IsItsShareOfThePredictionAtTheStatedRates()
    {
        await using WorkerScene scene = await WorkerScene.StartAsync();
        JobPlan plan = scene.Plan with
        {
            Output = scene.Plan.Output with { Shape = [8, 100, 100], Tile = [8, 50, 50] },
            Prediction = scene.Plan.Prediction with { BytesRead = 400_000_000, BytesWritten = 600_000_000, Flops = 4e10 },
        };
        Assert.Equal(TimeSpan.FromSeconds(350), TileLimit.Of(plan));
        Assert.Equal(TileLimit.Most, TileLimit.Of(plan with { Prediction = plan.Prediction with { Flops = 1e15 } }));
        Assert.Equal(TileLimit.Least, TileLimit.Of(scene.Plan));
    }
}
