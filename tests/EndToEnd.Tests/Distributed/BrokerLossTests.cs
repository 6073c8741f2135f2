using Upweave.EndToEnd.Tests.Servers;
using Upweave.EndToEnd.Tests.Support;
using Upweave.Tests.Servers;

namespace Upweave.EndToEnd.Tests.Distributed;

/// <summary>The broker is killed in the middle of a job, with or without its disk, alone or together with others.</summary>
[Collection(ServersCollection.Name)]
public sealed class BrokerLossTests(ServersFixture servers, HeavyJob job) : IClassFixture<HeavyJob>, IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private RabbitMqServer broker = null!;
    private Deployment deployment = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        broker = await RabbitMqServer.StartAsync(Cancelled);
        deployment = await Deployment.StartAsync(servers, workers: 2, coordinatorLock: "data/coordinator.lock", broker: broker.AmqpUri);
        foreach (string file in new[] { "x.npy", "w.npy" })
        {
            await deployment.SucceedAsync(folder, $"copy {job.At(file)} data/{file}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        TestContext.Current.TestOutputHelper!.WriteLine(string.Join("\n\n", deployment.Hosts.Select(host => host.Log)));
        await deployment.DisposeAsync();
        await broker.DisposeAsync();
        folder.Dispose();
    }

    [Theory]
    [InlineData("results/y.npy", false)]
    [InlineData("results/y.npy", true)]
    [InlineData("results/y.zarr", true)]
    public async Task Broker_KilledAndStartedAnew_TheJobEndsWithTheSameBits(string output, bool isEmpty)
    {
        string id = await SubmitAsync(output);
        await broker.RestartAsync(isEmpty, Cancelled);
        await CompleteAsync(id);
        Assert.Equal(job.Hash, await deployment.HashAsync(folder, output));
    }

    /// <summary>Nothing is left but the store.</summary>
    [Fact]
    public async Task Everything_KilledAndTheBrokerWiped_TheStoreIsEnoughToGoOn()
    {
        string id = await SubmitAsync("results/y.npy");
        foreach (HostProcess host in deployment.Hosts)
        {
            await host.KillAsync(Cancelled);
        }

        await broker.RestartAsync(isEmpty: true, Cancelled);
        await deployment.StartWorkerAsync(Cancelled);
        await deployment.StartCoordinator().WaitForLogAsync(Deployment.IsActive, Cancelled);
        await CompleteAsync(id);
        Assert.Equal(job.Hash, await deployment.HashAsync(folder, "results/y.npy"));
    }

    /// <summary>Submits the job and waits for its first tile.</summary>
    private async Task<string> SubmitAsync(string output)
    {
        await using ReportSpy spy = await ReportSpy.StartAsync(deployment.Broker);
        int tile = output.EndsWith("npy", StringComparison.Ordinal) ? 8 : 48;
        await deployment.SucceedAsync(folder, $"submit {HeavyJob.StoreArguments("data/", output)} --tile {tile}");
        return (await spy.NextAsync()).JobId.ToString();
    }

    /// <summary>Asks until the job is completed. While the broker comes back nobody may answer.</summary>
    private async Task CompleteAsync(string id)
    {
        using CancellationTokenSource bound = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        bound.CancelAfter(TimeSpan.FromMinutes(3));
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(500));
        while (true)
        {
            UpweaveResult status = await deployment.RunAsync(folder, $"status {id} --json");
            string? state = status.ExitCode == 0 ? status.Json.GetProperty("state").GetString() : null;
            if (state == "completed")
                return;
            Assert.True(state is null or "running", status.Output);
            await timer.WaitForNextTickAsync(bound.Token);
        }
    }
}
