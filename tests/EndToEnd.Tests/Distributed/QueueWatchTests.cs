using Microsoft.Extensions.Logging.Abstractions;
using Upweave.Coordinator.Jobs;
using Upweave.EndToEnd.Tests.Servers;
using Upweave.Tests.Servers;

namespace Upweave.EndToEnd.Tests.Distributed;

/// <summary>What the coordinator knows of its fleet, from a real broker.</summary>
[Collection(ServersCollection.Name)]
public sealed class QueueWatchTests(ServersFixture servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task IsAnyoneThere_FollowsTheWorkers()
    {
        await using Deployment deployment = await Deployment.StartAsync(servers, workers: 0);
        QueueWatch watch = new(deployment.Broker, NullLogger<QueueWatch>.Instance);
        Assert.False(await watch.IsAnyoneThereAsync(Stop));
        HostProcess worker = await deployment.StartWorkerAsync(Stop);
        Assert.True(await watch.IsAnyoneThereAsync(Stop));
        Assert.Equal(0, await worker.TerminateAsync(Stop));
        Assert.False(await watch.IsAnyoneThereAsync(Stop));
    }

    [Fact]
    public async Task IsAnyoneThere_NoBroker_IsNotKnown()
    {
        QueueWatch watch = new(new Uri($"amqp://guest:guest@127.0.0.1:{FreePort.Next()}/"), NullLogger<QueueWatch>.Instance);
        Assert.Null(await watch.IsAnyoneThereAsync(Stop));
    }
}
