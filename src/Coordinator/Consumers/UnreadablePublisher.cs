using MassTransit;
using Upweave.Contracts;
using Upweave.Contracts.Messages;

namespace Upweave.Coordinator.Consumers;

/// <summary>Answers a request that could not be read or handled, instead of putting it where nobody looks.</summary>
public sealed class UnreadablePublisher : IFilter<ExceptionReceiveContext>
{
    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        Exception cause = context.Exception.GetBaseException();
        LogContext.Warning?.Log(context.Exception, "A request at {Address} could not be handled.", context.InputAddress);
        if (!context.TryGetPayload(out RabbitMqBasicConsumeContext? request) || request.Properties.ReplyTo is not { Length: > 0 } queue)
            return;
        Problem problem = new("", $"The request could not be handled: {cause.Message}", "send one JSON object, as docs/submit.md says");
        Guid jobId = Guid.TryParse(request.Properties.MessageId, out Guid id) ? id : Guid.Empty;
        ISendEndpoint endpoint = await context.SendEndpointProvider.GetSendEndpoint(ReplyPublisher.DefaultExchange);
        await endpoint.Send(
            new JobRejected { JobId = jobId, Problems = [problem] },
            reply => ReplyPublisher.Address(reply, request, queue),
            context.CancellationToken);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("unreadable");
}
