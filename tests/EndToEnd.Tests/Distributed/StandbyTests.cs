using System.Diagnostics;
using System.Text.Json;
using Upweave.EndToEnd.Tests.Servers;
using Upweave.EndToEnd.Tests.Support;

namespace Upweave.EndToEnd.Tests.Distributed;

/// <summary>Two coordinators, of which the active one is lost or stands still in the middle of a job.</summary>
[Collection(ServersCollection.Name)]
public sealed class StandbyTests(ServersFixture servers, HeavyJob job) : IClassFixture<HeavyJob>, IAsyncLifetime
{
    private const string Lock = "data/coordinator.lock";

    /// <summary>From the loss of the active one to the moment in which the other reads the queues.</summary>
    private static readonly TimeSpan TakeoverMax = TimeSpan.FromSeconds(30);

    private readonly TestFolder folder = new();
    private Deployment deployment = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        deployment = await Deployment.StartAsync(servers, workers: 2, coordinatorLock: Lock);
        foreach (string file in new[] { "x.npy", "w.npy" })
        {
            await deployment.SucceedAsync(folder, $"copy {job.At(file)} data/{file}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"The first coordinator:\n{deployment.Coordinator.Log}\nThe second one:\n{deployment.Standby!.Log}");
        await deployment.DisposeAsync();
        folder.Dispose();
    }

    [Theory]
    [InlineData("results/y.npy")]
    [InlineData("results/y.zarr")]
    public async Task Active_Killed_TheOtherTakesOverAndEndsTheJobWithTheSameBits(string output)
    {
        Assert.Equal("active", await RoleAsync(deployment.Coordinator));
        Assert.Equal("standby", await RoleAsync(deployment.Standby!));
        await using ReportSpy spy = await ReportSpy.StartAsync(deployment.Broker);
        await using EventSpy events = await EventSpy.StartAsync(deployment.Broker);
        using UpweaveProcess waiting = Submit(output);
        await spy.NextAsync();
        await deployment.Coordinator.KillAsync(Cancelled);
        await AssertTakeoverAsync();
        (await waiting.WaitAsync()).AssertSuccess();
        await AssertOutcomeAsync(output, events);
    }

    [Theory]
    [InlineData("results/y.npy")]
    [InlineData("results/y.zarr")]
    public async Task Active_StoppedAndContinued_HarmsNothingAndStandsBy(string output)
    {
        await using ReportSpy spy = await ReportSpy.StartAsync(deployment.Broker);
        await using EventSpy events = await EventSpy.StartAsync(deployment.Broker);
        using UpweaveProcess waiting = Submit(output);
        await spy.NextAsync();
        deployment.Coordinator.Pause();
        await AssertTakeoverAsync();
        deployment.Coordinator.Resume();
        await deployment.Coordinator.WaitForLogAsync("This coordinator stands by", Cancelled);
        (await waiting.WaitAsync()).AssertSuccess();
        Assert.Equal("standby", await RoleAsync(deployment.Coordinator));
        Assert.Equal("active", await RoleAsync(deployment.Standby!));
        Assert.DoesNotContain("completed", deployment.Coordinator.Log, StringComparison.Ordinal);
        await AssertOutcomeAsync(output, events);

        // And back: the one that stood still takes over when the other hands over in good order.
        Assert.Equal(0, await deployment.Standby!.TerminateAsync(Cancelled));
        using UpweaveProcess again = Submit("results/again.npy");
        await deployment.Coordinator.WaitForLogAsync("results/again.npy, ", Cancelled);
        (await again.WaitAsync()).AssertSuccess();
        Assert.Equal(job.Hash, await deployment.HashAsync(folder, "results/again.npy"));
    }

    /// <summary>
    /// Somebody breaks the lease, so for seconds both may take themselves for the active one: connected, at work, and asked by the broker.
    /// </summary>
    [Fact]
    public async Task Lease_Broken_TwoForAMomentHarmNothing()
    {
        await using ReportSpy spy = await ReportSpy.StartAsync(deployment.Broker);
        await using EventSpy events = await EventSpy.StartAsync(deployment.Broker);
        using UpweaveProcess waiting = Submit("results/y.zarr");
        await spy.NextAsync();
        await BlobView.BreakLeaseAsync(deployment, Lock);
        await deployment.Coordinator.WaitForLogAsync("This coordinator stands by", Cancelled);
        (await waiting.WaitAsync()).AssertSuccess();
        await AssertOutcomeAsync("results/y.zarr", events);
    }

    private async Task AssertTakeoverAsync()
    {
        long start = Stopwatch.GetTimestamp();
        await deployment.Standby!.WaitForLogAsync(Deployment.IsActive, Cancelled);
        TimeSpan takeover = Stopwatch.GetElapsedTime(start);
        TestContext.Current.TestOutputHelper!.WriteLine($"taken over in {takeover.TotalSeconds:F1} s");
        Assert.InRange(takeover, TimeSpan.Zero, TakeoverMax);
    }

    /// <summary>The right bytes, published and told once, and nothing left of the job.</summary>
    private async Task AssertOutcomeAsync(string output, EventSpy events)
    {
        Assert.Equal(job.Hash, await deployment.HashAsync(folder, output));
        Assert.Equal(["JobCompleted"], events.Ends);
        IReadOnlyList<string> results = await BlobView.NamesAsync(deployment, "results");
        Assert.DoesNotContain(results, name => name.Contains(".upweave/", StringComparison.Ordinal));
        Assert.Equal(0, await BlobView.UncommittedBlocksAsync(deployment, output));
        IReadOnlyList<string> data = await BlobView.NamesAsync(deployment, "data");
        Assert.DoesNotContain(data, name => name.Contains(".jobs/", StringComparison.Ordinal));
    }

    private static async Task<string?> RoleAsync(HostProcess host)
    {
        JsonElement health = await host.HealthAsync(Cancelled);
        return health.GetProperty("checks").GetProperty("coordinator").GetProperty("role").GetString();
    }

    private UpweaveProcess Submit(string output) => UpweaveProcess.Start(
        folder.Root, deployment.WithBoth($"submit {HeavyJob.StoreArguments("data/", output)} --tile {(output.EndsWith("npy") ? 8 : 48)} --wait"));
}
