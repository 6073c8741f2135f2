using System.Collections.Concurrent;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Upweave.EndToEnd.Tests.Distributed;

/// <summary>Hears how jobs end, through a queue of its own.</summary>
public sealed class EventSpy : IAsyncDisposable
{
    private readonly IConnection connection;
    private readonly ConcurrentQueue<string> ends = [];

    private EventSpy(IConnection connection) => this.connection = connection;

    /// <summary>The events heard so far but progress: <c>JobCompleted</c>, <c>JobFailed</c> or <c>JobCancelled</c>.</summary>
    public IReadOnlyList<string> Ends => [.. ends];

    /// <summary>Starts to listen; a coordinator must have declared its exchanges.</summary>
    public static async Task<EventSpy> StartAsync(Uri broker)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        IConnection connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync(cancellationToken);
        EventSpy spy = new(connection);
        IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        string queue = (await channel.QueueDeclareAsync(cancellationToken: cancellationToken)).QueueName;
        await channel.QueueBindAsync(queue, "job-events", "#", cancellationToken: cancellationToken);
        AsyncEventingBasicConsumer consumer = new(channel);
        consumer.ReceivedAsync += (_, message) =>
        {
            if (message.BasicProperties.Type is { } type and not "JobProgressed")
                spy.ends.Enqueue(type);
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue, autoAck: true, consumer, cancellationToken);
        return spy;
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
