using System.Text.RegularExpressions;
using Upweave.EndToEnd.Tests.Servers;
using Upweave.EndToEnd.Tests.Support;

namespace Upweave.EndToEnd.Tests.Distributed;

/// <summary>The coordinator is killed while it publishes: a proxy holds its request to the store, or the answer.</summary>
[Collection(ServersCollection.Name)]
public sealed partial class CommitLossTests(ServersFixture servers, HeavyJob job) : IClassFixture<HeavyJob>, IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private CountingProxy proxy = null!;
    private Deployment deployment = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        string azurite = (await servers.AzuriteAsync().WaitAsync(Cancelled)).ConnectionString;
        int port = int.Parse(PortPattern().Match(azurite).Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
        proxy = new CountingProxy(port);
        deployment = await Deployment.StartAsync(
            servers, workers: 2, ofCoordinator: store => PortPattern().Replace(store, $":{proxy.Port}/"), coordinatorLock: "data/coordinator.lock");
        foreach (string file in new[] { "x.npy", "w.npy" })
        {
            await deployment.SucceedAsync(folder, $"copy {job.At(file)} data/{file}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        TestContext.Current.TestOutputHelper!.WriteLine(string.Join("\n\n", deployment.Hosts.Select(host => host.Log)));
        await deployment.DisposeAsync();
        await proxy.DisposeAsync();
        folder.Dispose();
    }

    /// <summary>
    /// A TIFF's directory is staged before the list of blocks is committed, so with the request held it is there and nothing is published;
    /// with the answer held the file is published and nobody knows. A zarr is published by its metadata.
    /// </summary>
    [Theory]
    [InlineData("results/y.tif", "comp=blocklist", false)]
    [InlineData("results/y.npy", "comp=blocklist", true)]
    [InlineData("results/y.zarr", "PUT *y.zarr/zarr.json", false)]
    [InlineData("results/y.zarr", "PUT *y.zarr/zarr.json", true)]
    public async Task Coordinator_KilledWhilePublishing_TheOtherTellsOfTheSameBitsOnce(string output, string request, bool isCarriedOut)
    {
        await using EventSpy events = await EventSpy.StartAsync(deployment.Broker);
        Task held = proxy.HoldAsync(PutOf(request), isCarriedOut);
        using UpweaveProcess waiting = UpweaveProcess.Start(
            folder.Root, deployment.WithBoth($"submit {HeavyJob.StoreArguments("data/", output)} --tile {(output.EndsWith("npy") ? 100 : 128)} --wait"));
        await held.WaitAsync(TimeSpan.FromSeconds(120), Cancelled);
        await deployment.Coordinator.KillAsync(Cancelled);
        await deployment.Standby!.WaitForLogAsync(Deployment.IsActive, Cancelled);
        (await waiting.WaitAsync()).AssertSuccess();
        Assert.Equal(job.Hash, await deployment.HashAsync(folder, output));
        Assert.Equal(["JobCompleted"], events.Ends);
        Assert.DoesNotContain(await BlobView.NamesAsync(deployment, "results"), name => name.Contains(".upweave/", StringComparison.Ordinal));
        Assert.Equal(0, await BlobView.UncommittedBlocksAsync(deployment, output));
        Assert.DoesNotContain(await BlobView.NamesAsync(deployment, "data"), name => name.Contains(".jobs/", StringComparison.Ordinal));
    }

    /// <summary>The coordinator's request for the list of blocks is held; by the time that it is sent again they are gone.</summary>
    [Fact]
    public async Task Store_LosesAPictureJustBeforeItIsPublished_ItIsExportedAgain()
    {
        const string Output = "results/y.png";
        Task held = proxy.HoldAsync($"GET /devstoreaccount1/{deployment.Prefix}-{Output}?", isCarriedOut: false);
        using UpweaveProcess waiting = UpweaveProcess.Start(
            folder.Root, deployment.WithBoth($"submit {HeavyJob.StoreArguments("data/", Output)} --tile 128 --wait"));
        await held.WaitAsync(TimeSpan.FromSeconds(120), Cancelled);
        await BlobView.DropBlocksAsync(deployment, Output);
        (await waiting.WaitAsync()).AssertSuccess();
        Assert.Contains("exported again", deployment.Coordinator.Log, StringComparison.Ordinal);
        Assert.Equal(job.Hash, await deployment.HashAsync(folder, Output));
        Assert.DoesNotContain(await BlobView.NamesAsync(deployment, "results"), name => name.Contains(".upweave/", StringComparison.Ordinal));
    }

    /// <summary>As it stands on a request's first line.</summary>
    private string PutOf(string request) => request.StartsWith("PUT *", StringComparison.Ordinal)
        ? $"PUT /devstoreaccount1/{deployment.Prefix}-results/{request[5..]}"
        : request;

    [GeneratedRegex(@":(\d+)/")]
    private static partial Regex PortPattern();
}
