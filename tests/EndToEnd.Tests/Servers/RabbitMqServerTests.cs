using RabbitMQ.Client;
using Upweave.Tests.Servers;

namespace Upweave.EndToEnd.Tests.Servers;

/// <summary>The broker that the other tests rely on: alone, and gone afterwards.</summary>
[Collection(ServersCollection.Name)]
public sealed class RabbitMqServerTests(ServersFixture servers)
{
    /// <summary>A broker from outside forgets the queue by itself after ten minutes (in milliseconds).</summary>
    private static readonly Dictionary<string, object?> Expiring = new() { ["x-expires"] = 600_000 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_WhileAnotherRuns_IsABrokerOfItsOwnAndLeavesNothing()
    {
        Uri shared = (await servers.RabbitMqAsync()).AmqpUri;
        await using RabbitMqServer server = await RabbitMqServer.StartAsync(Token);
        string[] folders = [.. server.DataFolders];
        string queue = "only-here-" + Guid.NewGuid().ToString("N");
        await DeclareAsync(server.AmqpUri, queue);
        Assert.True(await HasQueueAsync(server.AmqpUri, queue));
        Assert.All(folders, folder => Assert.NotEmpty(MarkedProcesses.Of(folder)));
        if (Environment.GetEnvironmentVariable(RabbitMqServer.Variable) is { Length: > 0 } given)
        {
            // A broker from outside is one and the same, and is not stopped.
            Assert.Empty(folders);
            Assert.Equal(given, server.AmqpUri.OriginalString);
            await server.DisposeAsync();
            Assert.True(await HasQueueAsync(shared, queue));
            return;
        }

        Assert.NotEmpty(folders);
        Assert.False(await HasQueueAsync(shared, queue));
        await server.DisposeAsync();
        Assert.True(FreePort.IsFree(server.AmqpUri.Port), $"Something still listens on {server.AmqpUri.Port}.");
        Assert.All(folders, folder => Assert.False(Directory.Exists(folder), $"{folder} is still there."));
        Assert.Empty(folders.SelectMany(MarkedProcesses.Of));
        Assert.False(await HasQueueAsync(shared, queue));
    }

    private static async Task DeclareAsync(Uri broker, string queue)
    {
        await using IConnection connection = await ConnectAsync(broker);
        await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: Token);
        await channel.QueueDeclareAsync(queue, durable: false, exclusive: false, autoDelete: false, cancellationToken: Token, arguments: Expiring);
    }

    private static async Task<bool> HasQueueAsync(Uri broker, string queue)
    {
        await using IConnection connection = await ConnectAsync(broker);
        await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: Token);
        try
        {
            await channel.QueueDeclarePassiveAsync(queue, Token);
            return true;
        }
        catch (RabbitMQ.Client.Exceptions.OperationInterruptedException)
        {
            return false;
        }
    }

    private static Task<IConnection> ConnectAsync(Uri broker) =>
        new ConnectionFactory { Uri = broker }.CreateConnectionAsync(Token);
}
