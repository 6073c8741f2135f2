using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Upweave.Cli.Settings;
using Upweave.Contracts;

namespace Upweave.Cli.Remote;

/// <summary>
/// One connection to RabbitMQ with a queue of its own, into which the answers to its requests and the events of the jobs that it
/// watches come, in one order. An AMQP client as any other: it shares nothing with the hosts but the names on the wire. For one
/// caller at a time.
/// </summary>
internal sealed class BrokerClient : IAsyncDisposable
{
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(5);

    /// <summary>For all that is asked of the broker once connected.</summary>
    private static readonly TimeSpan OperationTime = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(2);

    /// <summary>Messages that wait for this program; more than it ever falls behind. The connection waits where it does.</summary>
    private const int InboxMax = 1024;

    private readonly Channel<Received> inbox = Channel.CreateBounded<Received>(InboxMax);
    private readonly BrokerAddress address;
    private readonly IConnection connection;
    private readonly IChannel channel;
    private string queue = "";
    private bool isDisposed;

    private BrokerClient(BrokerAddress address, IConnection connection, IChannel channel)
    {
        this.address = address;
        this.connection = connection;
        this.channel = channel;
    }

    /// <exception cref="BrokerException">There is no connection to be had within seconds.</exception>
    public static async Task<BrokerClient> ConnectAsync(BrokerAddress address, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(2 * ConnectTime);
        IConnection? connection = null;
        try
        {
            connection = await Factory(address).CreateConnectionAsync(limit.Token);
            CreateChannelOptions confirmed = new(
                publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);
            BrokerClient client = new(address, connection, await connection.CreateChannelAsync(confirmed, limit.Token));
            await client.OpenQueueAsync(limit.Token);
            return client;
        }
        catch (Exception error) when (BrokerErrors.IsOfBroker(error) && !cancellationToken.IsCancellationRequested)
        {
            if (connection is not null)
                await connection.DisposeAsync();
            throw BrokerErrors.Unreachable(address, error);
        }
    }

    /// <summary>From now on the events of a job come in as well.</summary>
    /// <exception cref="BrokerException">No coordinator has been here, or the connection is lost.</exception>
    public Task WatchAsync(Guid jobId, CancellationToken cancellationToken) => AskBrokerAsync(
        token => channel.QueueBindAsync(queue, WireNames.JobEvents, jobId.ToString(), cancellationToken: token), cancellationToken);

    /// <summary>Sends a request; it is in the coordinator's queue on return.</summary>
    /// <exception cref="BrokerException">No coordinator has been here, or the connection is lost.</exception>
    public Task SendAsync(Request request, CancellationToken cancellationToken)
    {
        BasicProperties properties = new()
        {
            MessageId = request.MessageId.ToString(),
            CorrelationId = request.CorrelationId,
            ReplyTo = queue,
            Type = request.Type,
            ContentType = "application/json",
            Persistent = true,
            Expiration = request.Expiration is { } time ? ((long)time.TotalMilliseconds).ToString() : null,
        };
        return AskBrokerAsync(
            token => channel.BasicPublishAsync(request.Exchange, "", mandatory: true, properties, request.Json, token).AsTask(),
            cancellationToken);
    }

    /// <summary>The next message.</summary>
    /// <returns>Null when none came in this time.</returns>
    /// <exception cref="BrokerLostException">The connection is lost.</exception>
    /// <exception cref="BrokerException">A message cannot be read.</exception>
    public async Task<Received?> ReceiveAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(time > TimeSpan.Zero ? time : TimeSpan.Zero);
        try
        {
            // Not ReadAsync: cancelled at the wrong moment it takes the next message with it, in .NET 10 (dotnet/runtime issue 132094).
            while (await inbox.Reader.WaitToReadAsync(limit.Token))
            {
                if (inbox.Reader.TryRead(out Received? received))
                    return received;
            }

            throw new ObjectDisposedException(nameof(BrokerClient));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (isDisposed)
            return;
        isDisposed = true;
        await connection.CloseAsync(Constants.ReplySuccess, "", CloseTime, abort: true, CancellationToken.None);
        await channel.DisposeAsync();
        await connection.DisposeAsync();
    }

    private static ConnectionFactory Factory(BrokerAddress address) => new()
    {
        Uri = address.Uri,
        ClientProvidedName = "upweave",
        RequestedConnectionTimeout = ConnectTime,
        HandshakeContinuationTimeout = ConnectTime,
        ContinuationTimeout = OperationTime,

        // Whoever watches a job asks for its state after a loss, since its events are gone: so it connects again itself.
        AutomaticRecoveryEnabled = false,
        TopologyRecoveryEnabled = false,
    };

    private async Task OpenQueueAsync(CancellationToken cancellationToken)
    {
        QueueDeclareOk declared = await channel.QueueDeclareAsync(
            queue: "", durable: false, exclusive: true, autoDelete: true, cancellationToken: cancellationToken);
        queue = declared.QueueName;
        connection.ConnectionShutdownAsync += CloseInboxAsync;
        channel.ChannelShutdownAsync += CloseInboxAsync;
        AsyncEventingBasicConsumer consumer = new(channel);
        consumer.ReceivedAsync += TakeAsync;
        await channel.BasicConsumeAsync(queue, autoAck: true, consumer, cancellationToken);
    }

    private Task CloseInboxAsync(object sender, ShutdownEventArgs reason)
    {
        inbox.Writer.TryComplete(BrokerErrors.Lost(address, reason));
        return Task.CompletedTask;
    }

    private async Task TakeAsync(object sender, BasicDeliverEventArgs delivery)
    {
        try
        {
            // Read here: the bytes are the connection's, and theirs only until this returns.
            if (WireMessages.Read(delivery.BasicProperties.Type, delivery.Body.Span) is { } message)
            {
                await inbox.Writer.WriteAsync(
                    new Received(message, delivery.BasicProperties.CorrelationId), delivery.CancellationToken);
            }
        }
        catch (BrokerException unreadable)
        {
            inbox.Writer.TryComplete(unreadable);
        }
        catch (ChannelClosedException)
        {
            // Whoever reads has been told why.
        }
    }

    private async Task AskBrokerAsync(Func<CancellationToken, Task> ask, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(OperationTime);
        try
        {
            await ask(limit.Token);
        }
        catch (Exception error) when (BrokerErrors.IsOfBroker(error) && !cancellationToken.IsCancellationRequested)
        {
            throw BrokerErrors.Of(address, error);
        }
    }
}
