using Microsoft.Extensions.Options;
using Upweave.Planning;
using Upweave.Worker.Devices;
using Upweave.Worker.Tiles;

namespace Upweave.Worker.Tests;

public sealed class ComputeThreadsTests
{
    [Fact]
    public async Task RunAsync_MoreWorkThanSlots_NeverRunsMoreAtOnce()
    {
        const int slots = 3;
        using ComputeThreads threads = new(Options.Create(new WorkerOptions { Slots = slots }), new ProcessorDevice());
        using Barrier together = new(slots);
        int running = 0;
        int most = 0;
        HashSet<int> used = [];
        Task<int>[] work = [.. Enumerable.Range(0, slots * 4).Select(number => Task.Run(() => threads.RunAsync(
            () =>
            {
                int now = Interlocked.Increment(ref running);
                lock (used)
                {
                    most = Math.Max(most, now);
                    used.Add(Environment.CurrentManagedThreadId);
                }

                together.SignalAndWait(TestContext.Current.CancellationToken); // all slots are at work at once, or this hangs
                Interlocked.Decrement(ref running);
                return number;
            },
            TestContext.Current.CancellationToken)))];
        Assert.Equal(Enumerable.Range(0, slots * 4), await Task.WhenAll(work));
        Assert.Equal(slots, most);
        Assert.Equal(slots, used.Count);
    }

    /// <summary>Threads wait for a device more than they work.</summary>
    [Fact]
    public async Task RunAsync_WithADevice_HasAThreadForEachTileHeld()
    {
        const int slots = 1;
        int held = TileFootprint.TilesHeld(slots);
        using HelplessDevice device = new(takesLayers: true);
        using ComputeThreads threads = new(Options.Create(new WorkerOptions { Slots = slots }), device);
        using Barrier together = new(held);
        await Task.WhenAll(Enumerable.Range(0, held).Select(_ => Task.Run(() => threads.RunAsync(
            () => together.SignalAndWait(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken) ? true : throw new TimeoutException(),
            TestContext.Current.CancellationToken))));
    }

    [Fact]
    public async Task RunAsync_WorkThrows_TheThreadGoesOn()
    {
        using ComputeThreads threads = new(Options.Create(new WorkerOptions { Slots = 1 }), new ProcessorDevice());
        await Assert.ThrowsAsync<IOException>(() => threads.RunAsync<int>(() => throw new IOException(), TestContext.Current.CancellationToken));
        Assert.Equal(5, await threads.RunAsync(() => 5, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task RunAsync_CancelledBeforeItsTurn_DoesNotRun()
    {
        using ComputeThreads threads = new(Options.Create(new WorkerOptions { Slots = 1 }), new ProcessorDevice());
        using ManualResetEventSlim gate = new();
        using CancellationTokenSource cancel = new();
        Task<int> first = threads.RunAsync(
            () =>
            {
                gate.Wait(TestContext.Current.CancellationToken);
                return 1;
            },
            TestContext.Current.CancellationToken);
        bool ran = false;
        Task<bool> second = threads.RunAsync(() => ran = true, cancel.Token);
        await cancel.CancelAsync();
        gate.Set();
        Assert.Equal(1, await first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.False(ran);
    }
}
