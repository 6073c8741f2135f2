using System.Text.Json;
using Upweave.EndToEnd.Tests.Servers;

namespace Upweave.EndToEnd.Tests.Distributed;

/// <summary>All jobs are watched until none runs.</summary>
[Collection(ServersCollection.Name)]
public sealed class WatchTests(ServersFixture servers) : IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private Deployment deployment = null!;

    public async ValueTask InitializeAsync() => deployment = await Deployment.StartAsync(servers, workers: 0);

    public async ValueTask DisposeAsync()
    {
        await deployment.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Watch_NoJobNamed_ShowsAllUntilNoneRuns()
    {
        folder.Write("x.npy", NpyArray.RandomBytes(1, 64, 64));
        await deployment.SucceedAsync(folder, "copy x.npy data/x.npy");
        await deployment.SucceedAsync(folder, "submit data/x.npy results/one.npy --preset nearest --scale 2,2");
        await deployment.SucceedAsync(folder, "submit data/x.npy results/two.npy --preset nearest --scale 3,3");
        using UpweaveProcess watching = UpweaveProcess.Start(folder.Root, deployment.WithBoth("watch"));
        Task<UpweaveResult> end = watching.WaitAsync();
        await deployment.StartWorkerAsync(TestContext.Current.CancellationToken);
        UpweaveResult result = await end;
        result.AssertSuccess();
        Assert.Contains("results/one.npy", result.Output, StringComparison.Ordinal);
        Assert.Contains("results/two.npy", result.Output, StringComparison.Ordinal);
        Assert.Contains("completed", result.Output, StringComparison.Ordinal);
        JsonElement jobs = (await deployment.SucceedAsync(folder, "watch --json")).Json.GetProperty("jobs");
        Assert.All(jobs.EnumerateArray(), job => Assert.Equal("completed", job.GetProperty("state").GetString()));
        Assert.Equal(2, jobs.GetArrayLength());
    }
}
