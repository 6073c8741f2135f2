using Upweave.EndToEnd.Tests.Servers;
using Upweave.EndToEnd.Tests.Support;

namespace Upweave.EndToEnd.Tests.Distributed;

/// <summary>Workers that die or are stopped in the middle of a job, and jobs that are cancelled.</summary>
[Collection(ServersCollection.Name)]
public sealed class LossTests(ServersFixture servers, HeavyJob job) : IClassFixture<HeavyJob>, IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private Deployment deployment = null!;

    public async ValueTask InitializeAsync()
    {
        deployment = await Deployment.StartAsync(servers, workers: 2);
        foreach (string file in new[] { "x.npy", "w.npy" })
        {
            await deployment.SucceedAsync(folder, $"copy {job.At(file)} data/{file}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await deployment.DisposeAsync();
        folder.Dispose();
    }

    [Theory]
    [InlineData("results/y.npy")]
    [InlineData("results/y.zarr")]
    public async Task Worker_Killed_TheOtherEndsTheJobWithTheSameBits(string output)
    {
        await using ReportSpy spy = await ReportSpy.StartAsync(deployment.Broker);
        using UpweaveProcess waiting = Submit(output);
        string dead = (await spy.NextAsync()).Worker;
        await deployment.Worker(dead).KillAsync(TestContext.Current.CancellationToken);
        (await waiting.WaitAsync()).AssertSuccess();
        Assert.Contains(spy.Heard, report => report.Worker != dead && report.Tiles > 0);
        Assert.Equal(job.Hash, await deployment.HashAsync(folder, output));
    }

    [Fact]
    public async Task Worker_Terminated_GivesItsTilesBackAndExitsWith0()
    {
        await using ReportSpy spy = await ReportSpy.StartAsync(deployment.Broker);
        using UpweaveProcess waiting = Submit("results/y.zarr");
        string stopped = (await spy.NextAsync()).Worker;
        HostProcess worker = deployment.Worker(stopped);
        Assert.True(await worker.TerminateAsync(TestContext.Current.CancellationToken) == 0, worker.Log);
        (await waiting.WaitAsync()).AssertSuccess();
        Assert.Contains(spy.Heard, report => report.Worker != stopped && report.Tiles > 0);
        Assert.DoesNotContain(spy.Heard, report => report.Tiles == 0);
        Assert.Equal(job.Hash, await deployment.HashAsync(folder, "results/y.zarr"));
    }

    [Theory]
    [InlineData("results/y.npy")]
    [InlineData("results/y.zarr")]
    public async Task Cancel_UnderWay_LeavesNoBlockAndNoObject(string output)
    {
        await using ReportSpy spy = await ReportSpy.StartAsync(deployment.Broker);
        using UpweaveProcess waiting = Submit(output);
        Guid id = (await spy.NextAsync()).JobId;
        Assert.NotEmpty(await BlobView.NamesAsync(deployment, "results"));
        Assert.Equal(output.EndsWith(".npy", StringComparison.Ordinal), await BlobView.UncommittedBlocksAsync(deployment, output) > 0);
        await deployment.SucceedAsync(folder, $"cancel {id}");
        (await waiting.WaitAsync()).AssertExitCode(1);
        Assert.Empty(await BlobView.NamesAsync(deployment, "results"));
        Assert.Equal(0, await BlobView.UncommittedBlocksAsync(deployment, output));

        // Nothing stands in the way of the same job.
        await deployment.SucceedAsync(folder, $"submit {HeavyJob.StoreArguments("data/", output)} --wait");
        Assert.Equal(job.Hash, await deployment.HashAsync(folder, output));
    }

    /// <summary>Some dozens of tiles: rows for an .npy, squares for zarr.</summary>
    private UpweaveProcess Submit(string output) => UpweaveProcess.Start(
        folder.Root, deployment.WithBoth($"submit {HeavyJob.StoreArguments("data/", output)} --tile {(output.EndsWith("npy") ? 8 : 48)} --wait"));
}
