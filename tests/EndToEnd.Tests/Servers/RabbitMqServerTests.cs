using RabbitMQ.Client;
using Upweave.Tests.Servers;

namespace Upweave.EndToEnd.Tests.Servers;

/// <summary>The broker that the other tests rely on: alone, and gone afterwards.</summary>
[Collection(ServersCollection.Name)]
public sealed class RabbitMqServerTests(ServersFixture servers)
{
    [Fact]
    public async Task Start_WhileAnotherRuns_IsABrokerOfItsOwnAndLeavesNothing()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        Uri shared = (await servers.RabbitMqAsync()).AmqpUri;
        Uri own;
        string[] folders;
        await using (RabbitMqServer server = await RabbitMqServer.StartAsync(token))
        {
            own = server.AmqpUri;
            folders = [.. server.DataFolders];
            Assert.All(folders, folder => Assert.NotEmpty(MarkedProcesses.Of(folder)));
            await DeclareAsync(own, "only-here", token);
            Assert.True(await HasQueueAsync(own, "only-here", token));
            Assert.False(await HasQueueAsync(shared, "only-here", token));
        }

        Assert.True(FreePort.IsFree(own.Port), $"Something still listens on {own.Port}.");
        Assert.All(folders, folder => Assert.False(Directory.Exists(folder), $"{folder} is still there."));
        Assert.Empty(folders.SelectMany(MarkedProcesses.Of));
        Assert.False(await HasQueueAsync(shared, "only-here", token));
    }

    private static async Task DeclareAsync(Uri broker, string queue, CancellationToken cancellationToken)
    {
        await using IConnection connection = await ConnectAsync(broker, cancellationToken);
        await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.QueueDeclareAsync(queue, durable: false, exclusive: false, autoDelete: false, cancellationToken: cancellationToken);
    }

    private static async Task<bool> HasQueueAsync(Uri broker, string queue, CancellationToken cancellationToken)
    {
        await using IConnection connection = await ConnectAsync(broker, cancellationToken);
        await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            await channel.QueueDeclarePassiveAsync(queue, cancellationToken);
            return true;
        }
        catch (RabbitMQ.Client.Exceptions.OperationInterruptedException)
        {
            return false;
        }
    }

    private static Task<IConnection> ConnectAsync(Uri broker, CancellationToken cancellationToken) =>
        new ConnectionFactory { Uri = broker }.CreateConnectionAsync(cancellationToken);
}
