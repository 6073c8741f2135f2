using MassTransit;
using Upweave.Contracts;
using Upweave.Contracts.Messages;

namespace Upweave.Coordinator.Consumers;

/// <summary>Answers a request that could not be read or handled, instead of putting it where nobody looks.</summary>
public sealed class UnreadablePublisher : IFilter<ExceptionReceiveContext>, IFilter<ReceiveContext>
{
    /// <summary>Reading or handling it failed.</summary>
    public Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        LogContext.Warning?.Log(context.Exception, "A request at {Address} could not be handled.", context.InputAddress);
        return AnswerAsync(context, $"The request could not be handled: {context.Exception.GetBaseException().Message}");
    }

    /// <summary>It is JSON but no message, such as <c>null</c>.</summary>
    public Task Send(ReceiveContext context, IPipe<ReceiveContext> next) => AnswerAsync(context, "The request is empty.");

    public void Probe(ProbeContext context) => context.CreateFilterScope("unreadable");

    private static async Task AnswerAsync(ReceiveContext context, string message)
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
