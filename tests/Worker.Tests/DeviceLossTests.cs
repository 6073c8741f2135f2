using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Upweave.Contracts.Messages;
using Upweave.Planning;
using Upweave.ServiceDefaults;
using Upweave.Storage.Arrays;
using Upweave.Tests.Devices;
using Upweave.Worker.Devices;
using Upweave.Worker.Tiles;

namespace Upweave.Worker.Tests;

/// <summary>A worker whose device is lost. The clock is the test's.</summary>
public sealed class DeviceLossTests
{
    private readonly FakeTimeProvider time = new();

    [Fact]
    public async Task Consume_DeviceIsLost_ReportsWhatIsDoneAndGivesTheRestBack()
    {
        using LosableDevice device = new(calls: 2);
        await using WorkerScene scene = await WorkerScene.StartAsync(device: device);
        TileRunService runs = scene.RunsOf(scene.Folder.Stores, scene.Jobs, time);
        Task run = runs.RunAsync(scene.Message(), scene.Heard, TestContext.Current.CancellationToken);
        Assert.Equal(LosableDevice.Reason, await scene.Loss.Reason);
        await AssertGivenBackAsync(run);
        Assert.Equal("done 0+2", scene.Heard.Story); // neither lost nor failed: the others are in the message that goes back

        TileSet done = new(6);
        await scene.Writer.FindDoneAsync(done, TestContext.Current.CancellationToken);
        Assert.Equal(2, done.Count);
    }

    [Fact]
    public async Task Consume_DeviceHasBeenLost_TakesNoTile()
    {
        using LosableDevice device = new(calls: 9);
        await using WorkerScene scene = await WorkerScene.StartAsync(device: device);
        device.Lose();
        TileRunService runs = scene.RunsOf(scene.Folder.Stores, scene.Jobs, time);
        await AssertGivenBackAsync(runs.RunAsync(scene.Message(), scene.Heard, TestContext.Current.CancellationToken));
        await AssertGivenBackAsync(runs.RunAsync(
            scene.Message(stage: JobStage.Ingest), scene.Heard, TestContext.Current.CancellationToken));
        Assert.Empty(scene.Heard.All);
    }

    [Fact]
    public async Task Consume_HostStopsMeanwhile_ReturnsAtOnce()
    {
        using LosableDevice device = new(calls: 0);
        await using WorkerScene scene = await WorkerScene.StartAsync(device: device);
        using CancellationTokenSource stop = new();
        Task run = scene.RunsOf(scene.Folder.Stores, scene.Jobs, time).RunAsync(scene.Message(), scene.Heard, stop.Token);
        await scene.Loss.Reason;
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Empty(scene.Heard.All);
    }

    /// <summary>A device that does not answer may still write to them.</summary>
    [Fact]
    public async Task Return_DeviceIsLost_BuffersAreNeitherUsedNorFreedAgain()
    {
        using LosableDevice device = new(calls: 0);
        TileFootprint tile = new(Input: 400, Output: 800, Workspace: 0, Raw: 800, Read: 0, Encoded: 0);
        TileBufferPool pool = new(Options.Create(new WorkerOptions { Slots = 1 }), device);
        List<TileBuffers> before = [];
        for (int number = 0; number < TileFootprint.TilesHeld(1); number++)
        {
            before.Add(await pool.RentAsync(tile, TestContext.Current.CancellationToken));
        }

        device.Lose();
        before.ForEach(pool.Return);
        Assert.DoesNotContain(await pool.RentAsync(tile, TestContext.Current.CancellationToken), before);
        pool.Dispose();
        Assert.All(before, buffers => buffers.InputFloats.Fill(1)); // throws where it was freed
        Assert.All(before, buffers => buffers.OutputFloats.Fill(1));
    }

    [Fact]
    public async Task Health_DeviceIsLost_IsNotReadyAndSaysWhy()
    {
        using LosableDevice device = new(calls: 0);
        DeviceHealth health = new(device);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(health)).Status);
        device.Lose();
        HealthCheckResult result = await CheckAsync(health);
        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.Equal(LosableDevice.Reason, result.Description);
    }

    private static Task<HealthCheckResult> CheckAsync(DeviceHealth health) =>
        health.CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);

    /// <summary>It is held until the bus has left the queue: each time that it goes back counts.</summary>
    private async Task AssertGivenBackAsync(Task run)
    {
        time.Advance(HostTimes.WorkerGiveBack - TimeSpan.FromTicks(1));
        Assert.False(run.IsCompleted);
        time.Advance(TimeSpan.FromTicks(1));
        DeviceLostException error = await Assert.ThrowsAsync<DeviceLostException>(() => run);
        Assert.Equal(LosableDevice.Reason, error.Message);
    }
}
