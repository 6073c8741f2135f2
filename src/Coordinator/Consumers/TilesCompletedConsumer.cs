using MassTransit;
using Upweave.Contracts;
using Upweave.Contracts.Messages;
using Upweave.Coordinator.Jobs;
using Upweave.ServiceDefaults.Broker;

namespace Upweave.Coordinator.Consumers;

/// <summary>Hands completed tiles to their job.</summary>
public sealed class TilesCompletedConsumer(JobService jobs) : IConsumer<TilesCompleted>
{
    public Task Consume(ConsumeContext<TilesCompleted> context) => MessageRules.FaultOf(context.Message) is { } fault
        ? throw new InvalidMessageException(fault)
        : jobs.PostAsync(context.Message.JobId, context.Message, context.CancellationToken).AsTask();
}
