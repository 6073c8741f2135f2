using System.Text;
using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Upweave.EndToEnd.Tests.Servers;
using Upweave.EndToEnd.Tests.Support;

namespace Upweave.EndToEnd.Tests.Distributed;

/// <summary>What nobody should send, sent to every queue of a real broker: refused, counted, gone, and work goes on.</summary>
[Collection(ServersCollection.Name)]
public sealed class HostileMessageTests(ServersFixture servers) : IAsyncLifetime
{
    private static readonly string[] Requests = ["submit-job", "get-job", "cancel-job", "pause-job", "resume-job", "retry-job"];
    private static readonly string[] Others = ["tile-reports", "tiles", "tiles-dead"];

    private readonly TestFolder folder = new();
    private Deployment deployment = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => deployment = await Deployment.StartAsync(servers, workers: 1);

    public async ValueTask DisposeAsync()
    {
        TestContext.Current.TestOutputHelper!.WriteLine(string.Join("\n\n", deployment.Hosts.Select(host => host.Log)));
        await deployment.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Queues_HostileMessages_AreRefusedAndTheNextJobIsDone()
    {
        await using IConnection connection = await new ConnectionFactory { Uri = deployment.Broker }.CreateConnectionAsync(Cancelled);
        await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: Cancelled);
        string answers = (await channel.QueueDeclareAsync(cancellationToken: Cancelled)).QueueName;
        int asked = 0;
        foreach (string queue in Requests.Concat(Others))
        {
            foreach (byte[] body in Bodies())
            {
                foreach (Dictionary<string, object?>? headers in Headers())
                {
                    BasicProperties properties = new()
                    {
                        ReplyTo = answers, CorrelationId = "\u0001odd", MessageId = "no guid", ContentType = "text/nonsense", Type = "Unheard", Headers = headers,
                    };
                    await channel.BasicPublishAsync("", queue, mandatory: true, properties, body, Cancelled);
                    asked++;
                }
            }
        }

        // Nothing is left of them: neither in the queues nor in others where nobody looks.
        foreach (string queue in Requests.Concat(Others))
        {
            await UntilEmptyAsync(channel, queue);
            foreach (string aside in new[] { queue + "_error", queue + "_skipped" })
            {
                Assert.False(await ExistsAsync(connection, aside), aside);
            }
        }

        Assert.True(await channel.MessageCountAsync(answers, Cancelled) > 0);
        while (await channel.BasicGetAsync(answers, autoAck: true, Cancelled) is { } answer)
        {
            Assert.Contains(answer.BasicProperties.Type, new[] { "JobRejected", "JobList" }); // {} asks for all jobs
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{asked} messages");
        Assert.Contains("was refused (oversized", deployment.Coordinator.Log, StringComparison.Ordinal);
        Assert.Contains(deployment.Hosts, host => host != deployment.Coordinator && host.Log.Contains("was refused", StringComparison.Ordinal));
        folder.Write("x.npy", NpyArray.RandomBytes(1, 8, 8));
        await deployment.SucceedAsync(folder, "copy x.npy data/x.npy");
        await deployment.SucceedAsync(folder, "submit data/x.npy results/y.npy --preset nearest --scale 2,2 --wait");
        Assert.All(deployment.Hosts, host => Assert.False(host.HasExited));
    }

    private static IEnumerable<byte[]> Bodies()
    {
        yield return [];
        yield return [0, 1, 2, 255, 254];
        yield return "null"u8.ToArray();
        yield return "[]"u8.ToArray();
        yield return "{}"u8.ToArray();
        yield return "{\"job_id\":7,\"plan_hash\":null}"u8.ToArray();
        yield return Encoding.ASCII.GetBytes(new string('[', 5000));
        yield return Encoding.ASCII.GetBytes($"{{\"x\":\"{new string('y', 2 << 20)}\"}}");
        yield return Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new
        {
            job_id = Guid.NewGuid(), output = "results/y.npy", plan_hash = new string('0', 32), stage = "compute", first_tile = 0, tile_count = int.MaxValue,
            attempt = 1, costs = new { read_seconds = 1e308, compute_seconds = 0, write_seconds = 0, bytes_read = -1, bytes_written = 0 }, worker = "w",
            tile = -1, kind = "transient", message = "m",
        }));
    }

    private static IEnumerable<Dictionary<string, object?>?> Headers()
    {
        yield return null;
        foreach (string type in new[] { "TilesCompleted", "TileFailed", "ComputeTiles" })
        {
            yield return new() { ["MT-MessageType"] = $"urn:message:Upweave.Contracts.Messages:{type}" };
        }

        yield return new() { ["MT-MessageType"] = "urn:message:Evil:Thing", ["MT-Fault-ExceptionType"] = 5L, ["MT-Activity-Id"] = "no trace" };
    }

    private static async Task UntilEmptyAsync(IChannel channel, string queue)
    {
        using CancellationTokenSource bound = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        bound.CancelAfter(TimeSpan.FromSeconds(60));
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(100));
        while (await channel.MessageCountAsync(queue, bound.Token) > 0)
        {
            await timer.WaitForNextTickAsync(bound.Token);
        }
    }

    private static async Task<bool> ExistsAsync(IConnection connection, string queue)
    {
        await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: Cancelled);
        try
        {
            await channel.QueueDeclarePassiveAsync(queue, Cancelled);
            return true;
        }
        catch (OperationInterruptedException)
        {
            return false;
        }
    }
}
