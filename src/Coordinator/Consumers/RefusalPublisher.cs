using MassTransit;
using Upweave.Contracts;
using Upweave.Contracts.Messages;

namespace Upweave.Coordinator.Consumers;

/// <summary>Answers a request that could not be read or handled.</summary>
public static class RefusalPublisher
{
    /// <param name="message">What is wrong.</param>
    public static async Task AnswerAsync(ReceiveContext context, string message)
    {
        if (!context.TryGetPayload(out RabbitMqBasicConsumeContext? request) || request.Properties.ReplyTo is not { Length: > 0 } queue)
            return;
        Problem problem = new("", message, "send one JSON object, as docs/submit.md says");
        Guid jobId = Guid.TryParse(request.Properties.MessageId, out Guid id) ? id : Guid.Empty;
        ISendEndpoint endpoint = await context.SendEndpointProvider.GetSendEndpoint(ReplyPublisher.DefaultExchange);
        await endpoint.Send(
            new JobRejected { JobId = jobId, Problems = [problem] },
            reply => ReplyPublisher.Address(reply, request, queue),
            context.CancellationToken);
    }
}
