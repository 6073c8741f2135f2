using System.Text;
using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Upweave.EndToEnd.Tests.Chaos;

/// <summary>A client of any language, which asks over AMQP and is not surprised when nobody answers.</summary>
internal sealed class ChaosClient(Uri broker)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Sends a request.</summary>
    /// <returns>The answer's type and fields; null when none came: the broker, the coordinator or the message was lost.</returns>
    public async Task<(string Type, JsonElement Body)?> AskAsync(
        string exchange, string body, Guid messageId, CancellationToken cancellationToken)
    {
        using CancellationTokenSource bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(Patience);
        try
        {
            ConnectionFactory factory = new() { Uri = broker, AutomaticRecoveryEnabled = false };
            await using IConnection connection = await factory.CreateConnectionAsync(bound.Token);
            await using IChannel channel = await connection.CreateChannelAsync(
                new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), bound.Token);
            string queue = (await channel.QueueDeclareAsync(cancellationToken: bound.Token)).QueueName;
            TaskCompletionSource<(string, JsonElement)> answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
            AsyncEventingBasicConsumer consumer = new(channel);
            consumer.ReceivedAsync += (_, message) =>
            {
                answered.TrySetResult((message.BasicProperties.Type ?? "", JsonElement.Parse(message.Body.ToArray())));
                return Task.CompletedTask;
            };
            channel.ChannelShutdownAsync += (_, _) =>
            {
                answered.TrySetException(new IOException("The channel is closed."));
                return Task.CompletedTask;
            };
            await channel.BasicConsumeAsync(queue, autoAck: true, consumer, bound.Token);
            BasicProperties properties = new()
            {
                MessageId = messageId.ToString(), ReplyTo = queue, DeliveryMode = DeliveryModes.Persistent, Expiration = exchange == "submit-job" ? null : "15000",
            };
            await channel.BasicPublishAsync(exchange, "", mandatory: true, properties, Encoding.UTF8.GetBytes(body), bound.Token);
            return await answered.Task.WaitAsync(bound.Token);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested && error is OperationCanceledException or BrokerUnreachableException
            or OperationInterruptedException or AlreadyClosedException or IOException or PublishException)
        {
            return null;
        }
    }
}
