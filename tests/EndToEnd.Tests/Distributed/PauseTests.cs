using System.Text.Json;
using Upweave.EndToEnd.Tests.Servers;
using Upweave.EndToEnd.Tests.Support;

namespace Upweave.EndToEnd.Tests.Distributed;

/// <summary>A job that is paused in the middle lets others by and loses nothing.</summary>
[Collection(ServersCollection.Name)]
public sealed class PauseTests(ServersFixture servers, HeavyJob job) : IClassFixture<HeavyJob>, IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private Deployment deployment = null!;

    public async ValueTask InitializeAsync()
    {
        deployment = await Deployment.StartAsync(servers, workers: 1);
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

    [Fact]
    public async Task Pause_UnderWay_LetsAnotherJobByStaysMarkedAndEndsWithTheSameBits()
    {
        await using ReportSpy spy = await ReportSpy.StartAsync(deployment.Broker);
        using UpweaveProcess waiting = UpweaveProcess.Start(
            folder.Root, deployment.WithBoth($"submit {HeavyJob.StoreArguments("data/", "results/y.npy")} --tile 8 --priority -2 --wait"));
        Guid id = (await spy.NextAsync()).JobId;
        JsonElement paused = (await deployment.SucceedAsync(folder, $"pause {id} --json")).Json;
        Assert.True(paused.GetProperty("paused").GetBoolean());
        Assert.Equal("running", paused.GetProperty("state").GetString());

        string hash = JsonElement.Parse(await BlobView.ReadAsync(deployment, "results/y.npy.upweave/plan.json")).GetProperty("hash").GetString()!;
        string mark = $"results/y.npy.upweave/{hash}.alive";
        DateTimeOffset marked = await BlobView.WrittenAtAsync(deployment, mark);
        await deployment.SucceedAsync(folder, "submit data/x.npy results/small.npy --preset nearest --scale 2,2 --wait");
        JsonElement progress = (await deployment.SucceedAsync(folder, $"status {id} --json")).Json.GetProperty("progress");
        Assert.InRange(progress.GetProperty("tiles_done").GetInt64(), 1, progress.GetProperty("tile_count").GetInt64() - 1);

        // Within a minute, a coordinator shows that the job has not been abandoned.
        using CancellationTokenSource bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(TimeSpan.FromMinutes(2));
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(500));
        while (await BlobView.WrittenAtAsync(deployment, mark) == marked)
        {
            await timer.WaitForNextTickAsync(bound.Token);
        }

        await deployment.SucceedAsync(folder, $"resume {id}");
        (await waiting.WaitAsync()).AssertSuccess();
        Assert.Equal(job.Hash, await deployment.HashAsync(folder, "results/y.npy"));
    }
}
