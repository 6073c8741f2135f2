using MassTransit;
using Upweave.Contracts.Messages;
using Upweave.Coordinator.Jobs;

namespace Upweave.Coordinator.Consumers;

/// <summary>Asks a job to stop. The answer is its state just then; that it has stopped is an event.</summary>
public sealed class CancelJobConsumer(JobService jobs) : IConsumer<CancelJob>
{
    public async Task Consume(ConsumeContext<CancelJob> context)
    {
        Guid jobId = context.Message.JobId;
        await jobs.PostAsync(jobId, context.Message, context.CancellationToken);
        if (jobs.Find(jobId) is { } status)
            await context.ReplyAsync(status);
        else
            await context.ReplyAsync(UnknownJob.Answer(jobId));
    }
}
