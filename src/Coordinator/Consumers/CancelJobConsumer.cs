using MassTransit;
using Upweave.Contracts.Messages;
using Upweave.Coordinator.Jobs;

namespace Upweave.Coordinator.Consumers;

/// <summary>Asks a job to stop.</summary>
public sealed class CancelJobConsumer(JobService jobs) : IConsumer<CancelJob>
{
    public Task Consume(ConsumeContext<CancelJob> context) =>
        jobs.PostAsync(context.Message.JobId, context.Message, context.CancellationToken).AsTask();
}
