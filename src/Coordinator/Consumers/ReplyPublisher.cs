using MassTransit;

namespace Upweave.Coordinator.Consumers;

/// <summary>Answers requests, those of MassTransit's clients and those of any AMQP client.</summary>
public static class ReplyPublisher
{
    /// <summary>MassTransit's address for AMQP's default exchange, which routes to the queue that the routing key names.</summary>
    internal static readonly Uri DefaultExchange = new("exchange:amq.rabbitmq.reply-to");

    /// <summary>
    /// To the queue in AMQP's <c>reply_to</c>, with the request's <c>correlation_id</c>; else to MassTransit's response address. Nothing
    /// happens when nobody waits for an answer.
    /// </summary>
    public static async Task ReplyAsync<TAnswer>(this ConsumeContext context, TAnswer answer)
        where TAnswer : class
    {
        if (context.TryGetPayload(out RabbitMqBasicConsumeContext? request) && request.Properties.ReplyTo is { Length: > 0 } queue)
        {
            ISendEndpoint endpoint = await context.GetSendEndpoint(DefaultExchange);
            await endpoint.Send(answer, reply => Address(reply, request, queue), context.CancellationToken);
            return;
        }

        if (context.ResponseAddress is not null)
            await context.RespondAsync(answer);
    }

    internal static void Address(SendContext reply, RabbitMqBasicConsumeContext request, string queue)
    {
        reply.SetRoutingKey(queue);
        if (reply.TryGetPayload(out RabbitMqSendContext? message))
            message.BasicProperties.CorrelationId = request.Properties.CorrelationId;
    }
}
