using System.Text;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Upweave.EndToEnd.Tests.Servers;
using Upweave.EndToEnd.Tests.Support;
using Upweave.Tests.Otlp;
using Upweave.Tests.Servers;

namespace Upweave.EndToEnd.Tests.Distributed;

/// <summary>
/// The broker's password and the store's key are planted, jobs succeed and fail, servers go away; then everything that was written or sent
/// is searched: messages, logs, traces, metrics, and all objects of the stores.
/// </summary>
[Collection(ServersCollection.Name)]
public sealed class SecretTests(ServersFixture servers) : IAsyncLifetime
{
    private const string Password = "plantedPassword4711";
    private const string Signature = "plantedSignature0815";

    private static readonly string[] Exchanges =
        ["submit-job", "get-job", "cancel-job", "pause-job", "resume-job", "retry-job", "tiles", "tile-reports", "tiles-dead", "job-events"];

    private readonly TestFolder folder = new();
    private readonly StringBuilder sent = new();
    private RabbitMqServer broker = null!;
    private OtlpReceiver sink = null!;
    private Deployment deployment = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        broker = await RabbitMqServer.StartAsync(Cancelled, Password);
        sink = await OtlpReceiver.StartAsync();
        AzuriteServer azurite = await servers.AzuriteAsync().WaitAsync(Cancelled);
        Dictionary<string, string> more = new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = sink.Address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
            ["Logging__LogLevel__Default"] = "Debug",
            ["Logging__LogLevel__Azure"] = "Debug",
            ["Logging__LogLevel__MassTransit"] = "Debug",

            // A store that refuses: its address has a signature, which no message about it may repeat.
            ["Upweave__Stores__closed"] = $"{azurite.ConnectionString.Split("BlobEndpoint=")[1].TrimEnd(';')}/closed?sv=2025-11-05&sp=r&sig={Signature}",
        };
        deployment = await Deployment.StartAsync(
            servers, workers: 1, broker: broker.AmqpUri, coordinatorLock: "data/coordinator.lock", more: more, isReady: false);
    }

    public async ValueTask DisposeAsync()
    {
        await deployment.DisposeAsync();
        await sink.DisposeAsync();
        await broker.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Secrets_OfBrokerAndStores_AreNowhere()
    {
        await using IConnection connection = await new ConnectionFactory { Uri = broker.AmqpUri }.CreateConnectionAsync(Cancelled);
        await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: Cancelled);
        await ListenAsync(channel);
        folder.Write("x.npy", NpyArray.RandomBytes(1, 64, 64));
        await deployment.SucceedAsync(folder, "copy x.npy data/x.npy");
        StringBuilder written = new();
        foreach (string input in new[] { "data/x.npy", "data/missing.npy", "closed/x.npy" })
        {
            UpweaveResult result = await deployment.RunAsync(
                folder, $"submit {input} results/{input.Replace('/', '-')} --preset nearest --scale 2,2 --wait");
            Assert.Equal(input == "data/x.npy" ? 0 : 2, result.ExitCode);
            written.Append(result.Output).Append(result.Error);
        }

        // A job that stays, so that its plan and its record do.
        await deployment.StopWorkersAsync(Cancelled);
        await deployment.SucceedAsync(folder, "submit data/x.npy results/stays.npy --preset nearest --scale 2,2");
        written.Append(await StoredAsync("data")).Append(await StoredAsync("results"));
        await broker.RestartAsync(isEmpty: false, Cancelled); // what is said of a lost broker must not name its password
        await deployment.Coordinator.WaitForLogAsync("The broker can be used.", Cancelled);
        await Until.TrueAsync(
            () => sink.All.Contains("upweave.jobs.running", StringComparison.Ordinal), "metrics have been exported", Cancelled);
        foreach (HostProcess host in deployment.Hosts.Where(host => !host.HasExited))
        {
            await host.TerminateAsync(Cancelled);
        }

        foreach (HostProcess host in deployment.Hosts)
        {
            written.Append(host.Log);
        }

        string all;
        lock (sent)
        {
            all = $"{written}\n{sent}\n{sink.All}";
        }

        // What must be there, or nothing has been searched.
        foreach (string witness in new[] { "results/stays.npy", "plan_hash", "tile_count", "\"holder\"", "upweave.jobs.running", "accepted" })
        {
            Assert.Contains(witness, all, StringComparison.Ordinal);
        }

        string key = deployment.Azurite.Split("AccountKey=")[1].Split(';')[0];
        foreach (string secret in new[] { Password, Signature, key, key[..20], Uri.EscapeDataString(key) })
        {
            int at = all.IndexOf(secret, StringComparison.Ordinal);
            Assert.True(at < 0, at < 0 ? "" : "..." + all[Math.Max(0, at - 300)..Math.Min(all.Length, at + 100)]);
        }
    }

    private async Task ListenAsync(IChannel channel)
    {
        string queue = (await channel.QueueDeclareAsync(cancellationToken: Cancelled)).QueueName;
        foreach (string exchange in Exchanges)
        {
            await channel.QueueBindAsync(queue, exchange, exchange == "job-events" ? "#" : "", cancellationToken: Cancelled);
        }

        AsyncEventingBasicConsumer consumer = new(channel);
        consumer.ReceivedAsync += (_, message) =>
        {
            lock (sent)
            {
                sent.AppendLine(Encoding.UTF8.GetString(message.Body.Span));
                foreach ((string name, object? value) in message.BasicProperties.Headers ?? new Dictionary<string, object?>())
                {
                    sent.AppendLine($"{name}: {(value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : value)}");
                }
            }

            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue, autoAck: true, consumer, Cancelled);
    }

    /// <summary>Names, metadata and bytes of all objects of a store.</summary>
    private async Task<string> StoredAsync(string store)
    {
        StringBuilder text = new();
        BlobContainerClient container = new(deployment.Azurite, $"{deployment.Prefix}-{store}");
        await foreach (BlobItem blob in container.GetBlobsAsync(new GetBlobsOptions { Traits = BlobTraits.Metadata }, Cancelled))
        {
            text.AppendLine(blob.Name).AppendJoin(';', blob.Metadata).AppendLine();
            BlobDownloadResult content = await container.GetBlobClient(blob.Name).DownloadContentAsync(Cancelled);
            text.AppendLine(Encoding.Latin1.GetString(content.Content));
        }

        return text.ToString();
    }
}
