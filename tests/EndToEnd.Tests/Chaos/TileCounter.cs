using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Upweave.EndToEnd.Tests.Chaos;

/// <summary>Counts tiles that workers report, and those that they report again. While the broker is away it hears nothing.</summary>
internal sealed class TileCounter(Uri broker)
{
    private readonly HashSet<(string Plan, string Stage, int Level, long Tile)> known = [];

    /// <summary>Tiles that were computed more than once: reports that were only delivered twice are counted too.</summary>
    public long Again { get; private set; }

    public long Reported { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stop);
            }
            catch (Exception error) when (error is BrokerUnreachableException or OperationInterruptedException or AlreadyClosedException or IOException
                or OperationCanceledException)
            {
                await ChaosFaults.PassAsync(TimeSpan.FromMilliseconds(200), stop);
            }
        }
    }

    private async Task ListenAsync(CancellationToken stop)
    {
        ConnectionFactory factory = new() { Uri = broker, AutomaticRecoveryEnabled = false };
        await using IConnection connection = await factory.CreateConnectionAsync(stop);
        await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: stop);
        string queue = (await channel.QueueDeclareAsync(cancellationToken: stop)).QueueName;
        await channel.QueueBindAsync(queue, "tile-reports", "", cancellationToken: stop);
        AsyncEventingBasicConsumer consumer = new(channel);
        consumer.ReceivedAsync += (_, message) =>
        {
            Note(JsonElement.Parse(message.Body.ToArray()));
            return Task.CompletedTask;
        };
        TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        channel.ChannelShutdownAsync += (_, _) =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue, autoAck: true, consumer, stop);
        await closed.Task.WaitAsync(stop);
    }

    private void Note(JsonElement report)
    {
        if (!report.TryGetProperty("tile_count", out JsonElement count))
            return;
        int level = report.TryGetProperty("level", out JsonElement said) ? said.GetInt32() : 0;
        long first = report.GetProperty("first_tile").GetInt64();
        for (long tile = first; tile < first + count.GetInt32(); tile++)
        {
            Reported++;
            if (!known.Add((report.GetProperty("plan_hash").GetString()!, report.GetProperty("stage").GetString()!, level, tile)))
                Again++;
        }
    }
}
