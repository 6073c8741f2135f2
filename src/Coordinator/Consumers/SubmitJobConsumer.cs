using MassTransit;
using Upweave.Contracts.Messages;
using Upweave.Coordinator.Jobs;

namespace Upweave.Coordinator.Consumers;

/// <summary>Takes a job on, or answers with everything that is wrong with it.</summary>
public sealed class SubmitJobConsumer(JobService jobs) : IConsumer<SubmitJob>
{
    public async Task Consume(ConsumeContext<SubmitJob> context)
    {
        SubmitJob message = context.Message;
        SubmitResult result = await jobs.SubmitAsync(message.JobId, message.Specification, context.CancellationToken);
        if (result.Accepted is not null)
            await context.RespondAsync(result.Accepted);
        else
            await context.RespondAsync(result.Rejected!);
    }
}
