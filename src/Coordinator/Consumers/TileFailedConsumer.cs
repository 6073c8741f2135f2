using MassTransit;
using Upweave.Contracts.Messages;
using Upweave.Coordinator.Jobs;

namespace Upweave.Coordinator.Consumers;

/// <summary>Hands a failed tile to its job.</summary>
public sealed class TileFailedConsumer(JobService jobs) : IConsumer<TileFailed>
{
    public Task Consume(ConsumeContext<TileFailed> context) =>
        jobs.PostAsync(context.Message.JobId, context.Message, context.CancellationToken).AsTask();
}
