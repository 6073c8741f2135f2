using System.Text.RegularExpressions;
using Upweave.EndToEnd.Tests.Servers;
using Upweave.EndToEnd.Tests.Support;

namespace Upweave.EndToEnd.Tests.Distributed;

/// <summary>The store is away in the middle of a job, for longer than all retries of its client; or has lost what was staged.</summary>
[Collection(ServersCollection.Name)]
public sealed partial class OutageTests(ServersFixture servers, HeavyJob job) : IClassFixture<HeavyJob>, IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private CountingProxy proxy = null!;
    private Deployment deployment = null!;

    public async ValueTask InitializeAsync()
    {
        string azurite = (await servers.AzuriteAsync().WaitAsync(TestContext.Current.CancellationToken)).ConnectionString;
        int port = int.Parse(PortPattern().Match(azurite).Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
        proxy = new CountingProxy(port);
        string Through(string store) => PortPattern().Replace(store, $":{proxy.Port}/");
        deployment = await Deployment.StartAsync(servers, workers: 1, ofCoordinator: Through, ofWorkers: Through);
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

    /// <summary>The client gives up after half a minute: so a worker that says so has seen an outage longer than all retries.</summary>
    [Fact]
    public async Task Store_AwayForLongerThanEveryRetry_TheJobWaitsAndGoesOn()
    {
        await using ReportSpy spy = await ReportSpy.StartAsync(deployment.Broker);
        using UpweaveProcess waiting = Submit("results/y.npy");
        Guid id = (await spy.NextAsync()).JobId;
        proxy.Cut();
        while (!(await spy.NextAsync()).IsPostponed)
        {
            // Tiles whose bytes were there before the cut.
        }

        string warning = (await deployment.SucceedAsync(folder, $"status {id} --json")).Json.GetProperty("warning").GetString()!;
        Assert.Contains("results", warning, StringComparison.Ordinal);
        proxy.Mend();
        (await waiting.WaitAsync()).AssertSuccess();
        Assert.All(spy.Heard, report => Assert.True(report.Tiles > 0 || report.IsPostponed));
        Assert.Equal(job.Hash, await deployment.HashAsync(folder, "results/y.npy"));
    }

    [Theory]
    [InlineData("results/y.npy")]
    [InlineData("results/y.tif")]
    public async Task Store_LosesWhatWasStaged_ItIsComputedAgain(string output)
    {
        await using ReportSpy spy = await ReportSpy.StartAsync(deployment.Broker);
        using UpweaveProcess waiting = Submit(output);
        await spy.NextAsync();
        await BlobView.DropBlocksAsync(deployment, output);
        (await waiting.WaitAsync()).AssertSuccess();
        Assert.Contains("computed again", deployment.Coordinator.Log, StringComparison.Ordinal);
        Assert.Equal(job.Hash, await deployment.HashAsync(folder, output));
    }

    private UpweaveProcess Submit(string output) => UpweaveProcess.Start(
        folder.Root, deployment.WithBoth($"submit {HeavyJob.StoreArguments("data/", output)} --tile {(output.EndsWith("npy") ? 8 : 64)} --wait"));

    [GeneratedRegex(@":(\d+)/")]
    private static partial Regex PortPattern();
}
