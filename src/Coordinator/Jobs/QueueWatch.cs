using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Upweave.Contracts;

namespace Upweave.Coordinator.Jobs;

/// <summary>
/// Asks the broker how many read the queue of tiles, over a connection of its own that lasts for the question: it is asked after minutes of
/// silence only.
/// </summary>
public sealed class QueueWatch(Uri broker, ILogger<QueueWatch> log) : IFleetWatch
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public async Task<bool?> IsAnyoneThereAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            ConnectionFactory factory = new()
            {
                Uri = AmqpUri,
                AutomaticRecoveryEnabled = false,
                ClientProvidedName = "upweave-queue-watch",
            };
            await using IConnection connection = await factory.CreateConnectionAsync(limit.Token);
            await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: limit.Token);
            QueueDeclareOk queue = await channel.QueueDeclarePassiveAsync(WireNames.Tiles, limit.Token);
            return queue.ConsumerCount > 0;
        }
        catch (Exception error) when (IsNoAnswer(error) && !cancellationToken.IsCancellationRequested)
        {
            log.LogWarning("The broker does not say whether there are workers: {Reason}", error.GetBaseException().Message);
            return null;
        }
    }

    /// <summary>MassTransit has a scheme of its own for the same.</summary>
    private Uri AmqpUri => broker.Scheme == "rabbitmq" ? new UriBuilder(broker) { Scheme = "amqp" }.Uri : broker;

    private static bool IsNoAnswer(Exception error) =>
        error is BrokerUnreachableException or OperationInterruptedException or AlreadyClosedException or OperationCanceledException
            or IOException or SocketException;
}
