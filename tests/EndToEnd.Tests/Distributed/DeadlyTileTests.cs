using RabbitMQ.Client;
using Upweave.EndToEnd.Tests.Servers;
using Upweave.EndToEnd.Tests.Support;

namespace Upweave.EndToEnd.Tests.Distributed;

/// <summary>A tile that no worker survives ends the job with its name, and soon: the broker counts deliveries, the coordinator attempts.</summary>
[Collection(ServersCollection.Name)]
public sealed class DeadlyTileTests(ServersFixture servers) : IAsyncLifetime
{
    /// <summary>Six deliveries a time, by TileQueue, and three times, by CoordinatorOptions.</summary>
    private const int DeliveriesMax = 6 * 3;

    private readonly TestFolder folder = new();
    private Deployment deployment = null!;

    public async ValueTask InitializeAsync() => deployment = await Deployment.StartAsync(servers, workers: 0);

    public async ValueTask DisposeAsync()
    {
        await deployment.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Tile_ThatNoWorkerSurvives_FailsTheJobNamingItAndIsRetried()
    {
        folder.Write("x.npy", NpyArray.RandomBytes(1, 8, 8));
        await deployment.SucceedAsync(folder, "copy x.npy data/x.npy");
        using UpweaveProcess waiting = UpweaveProcess.Start(
            folder.Root, deployment.WithBoth("submit data/x.npy results/y.npy --preset nearest --scale 2,2 --wait"));
        Task<UpweaveResult> end = waiting.WaitAsync();
        int deliveries = await DieAtEachTileUntilAsync(end);
        UpweaveResult result = await end;
        result.AssertExitCode(1);
        Assert.Contains("tile 0: Every worker that took the tile was lost", result.Error, StringComparison.Ordinal);
        Assert.InRange(deliveries, DeliveriesMax, DeliveriesMax + 3); // brokers differ in whether the first delivery counts

        // Whatever it was is mended: the same job goes on.
        await deployment.StartWorkerAsync(TestContext.Current.CancellationToken);
        string job = (await deployment.SucceedAsync(folder, "status --json")).Json.GetProperty("jobs")[0].GetProperty("job_id").GetString()!;
        await deployment.SucceedAsync(folder, $"retry {job} --wait");
        await folder.SucceedAsync("run x.npy y.npy --preset nearest --scale 2,2");
        Assert.Equal(folder.Read("y.npy").Sha256, await deployment.HashAsync(folder, "results/y.npy"));
        (await deployment.RunAsync(folder, $"retry {job}")).AssertExitCode(2);
    }

    /// <summary>Takes tiles as a worker does, and gives none an answer.</summary>
    private async Task<int> DieAtEachTileUntilAsync(Task end)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        await using IConnection connection = await new ConnectionFactory { Uri = deployment.Broker }.CreateConnectionAsync(cancellationToken);
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(10));
        int deliveries = 0;
        while (!end.IsCompleted)
        {
            await using IChannel worker = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            if (await worker.BasicGetAsync("tiles", autoAck: false, cancellationToken) is not null)
                deliveries++;
            await timer.WaitForNextTickAsync(cancellationToken);
        }

        return deliveries;
    }
}
