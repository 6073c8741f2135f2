using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Upweave.Contracts.Messages;
using Upweave.Planning;
using Upweave.Storage.Arrays;
using Upweave.Worker.Devices;
using Upweave.Worker.Jobs;
using Upweave.Worker.Tiles;

namespace Upweave.Worker.Tests;

/// <summary>A worker with less memory than the plan was made for. The clock is the test's.</summary>
public sealed class SmallWorkerTests
{
    [Fact]
    public async Task Consume_ByteLessThanThePlanTakes_LeavesItsTilesToOthersAfterAWhile()
    {
        await using WorkerScene scene = await WorkerScene.StartAsync();
        await using IArrayReader input = await ArrayReaders.OpenAsync(
            scene.Folder.Stores, "s/in.npy", scene.Plan.Input.Identity, TestContext.Current.CancellationToken);
        long needed = PlanMemory.Of(new PlanGeometry(scene.Plan), slots: 2, input.KeptBytes, input.ReadOverheadBytes).Total;
        WorkerOptions options = new() { Name = "small", Slots = 2, MemoryBytes = needed - 1 };
        await using JobContexts jobs = new(
            scene.Folder.Stores, Options.Create(options), new ProcessorDevice(), NullLogger<JobContexts>.Instance);
        FakeTimeProvider time = new();
        DateTimeOffset start = time.GetUtcNow();
        TileRunService runs = scene.RunsOf(scene.Folder.Stores, jobs, time);
        Task run = runs.RunAsync(scene.Message(1, 2), scene.Heard, TestContext.Current.CancellationToken);
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(2));
        while (!run.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        await run;
        Assert.InRange(time.GetUtcNow() - start, TileRunService.LeaveTime, TimeSpan.MaxValue);
        Assert.Equal("failed 1, failed 2", scene.Heard.Story);
        Assert.All(scene.Heard.Failed, failed => Assert.Equal(
            (TileErrorKind.Transient, true, true), (failed.Kind, failed.Postponed, failed.ShortOfMemory)));
        Assert.All(scene.Heard.Failed, failed => Assert.Contains($"takes {needed} bytes", failed.Message, StringComparison.Ordinal));

        options.MemoryBytes++;
        await runs.RunAsync(scene.Message(), scene.Heard, TestContext.Current.CancellationToken);
        Assert.Equal(scene.Expected, await scene.CommitAsync());
    }
}
