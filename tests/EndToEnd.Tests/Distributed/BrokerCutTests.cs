using Upweave.EndToEnd.Tests.Servers;
using Upweave.EndToEnd.Tests.Support;

namespace Upweave.EndToEnd.Tests.Distributed;

/// <summary>The active coordinator reaches the lock and not the broker: it would keep the other from acting, and can do nothing itself.</summary>
[Collection(ServersCollection.Name)]
public sealed class BrokerCutTests(ServersFixture servers, HeavyJob job) : IClassFixture<HeavyJob>, IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private CountingProxy proxy = null!;
    private Deployment deployment = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Uri broker = (await servers.RabbitMqAsync().WaitAsync(Cancelled)).AmqpUri;
        proxy = new CountingProxy(broker.Port);
        deployment = await Deployment.StartAsync(
            servers, workers: 2, coordinatorLock: "data/coordinator.lock", firstBroker: new UriBuilder(broker) { Port = proxy.Port }.Uri);
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

    [Fact]
    public async Task Active_LosesTheBroker_LeavesTheJobToTheOtherUntilItIsBack()
    {
        await using ReportSpy spy = await ReportSpy.StartAsync(deployment.Broker);
        await using EventSpy events = await EventSpy.StartAsync(deployment.Broker);
        using UpweaveProcess waiting = UpweaveProcess.Start(
            folder.Root, deployment.WithBoth($"submit {HeavyJob.StoreArguments("data/", "results/y.npy")} --tile 8 --wait"));
        await spy.NextAsync();
        proxy.Cut();
        await deployment.Standby!.WaitForLogAsync(Deployment.IsActive, Cancelled);
        Assert.Contains("leaves the lease to one that can", deployment.Coordinator.Log, StringComparison.Ordinal);
        (await waiting.WaitAsync()).AssertSuccess();
        Assert.Equal(job.Hash, await deployment.HashAsync(folder, "results/y.npy"));
        Assert.Equal(["JobCompleted"], events.Ends);

        // The other is lost, and nobody acts until the first one has its broker again.
        await deployment.Standby.KillAsync(Cancelled);
        proxy.Mend();
        await deployment.Coordinator.WaitUntilReadyAsync(Cancelled);
        await deployment.SucceedAsync(folder, "submit data/x.npy results/next.npy --preset nearest --scale 2,2 --wait");
    }
}
