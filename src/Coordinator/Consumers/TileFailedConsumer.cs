using MassTransit;
using Upweave.Contracts;
using Upweave.Contracts.Messages;
using Upweave.Coordinator.Jobs;
using Upweave.ServiceDefaults.Broker;

namespace Upweave.Coordinator.Consumers;

/// <summary>Hands a failed tile to its job.</summary>
public sealed class TileFailedConsumer(JobService jobs) : IConsumer<TileFailed>
{
    public Task Consume(ConsumeContext<TileFailed> context) => MessageRules.FaultOf(context.Message) is { } fault
        ? throw new InvalidMessageException(fault)
        : jobs.PostAsync(context.Message.JobId, context.Message, context.CancellationToken).AsTask();
}
