using MassTransit;
using Upweave.Contracts.Messages;
using Upweave.Coordinator.Jobs;

namespace Upweave.Coordinator.Consumers;

/// <summary>Hands completed tiles to their job.</summary>
public sealed class TilesCompletedConsumer(JobService jobs) : IConsumer<TilesCompleted>
{
    public Task Consume(ConsumeContext<TilesCompleted> context) =>
        jobs.PostAsync(context.Message.JobId, context.Message, context.CancellationToken).AsTask();
}
