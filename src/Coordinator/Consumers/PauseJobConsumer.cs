using MassTransit;
using Upweave.Contracts.Messages;
using Upweave.Coordinator.Jobs;

namespace Upweave.Coordinator.Consumers;

/// <summary>Holds a job. The answer is its state just then.</summary>
public sealed class PauseJobConsumer(JobService jobs) : IConsumer<PauseJob>
{
    public async Task Consume(ConsumeContext<PauseJob> context)
    {
        Guid jobId = context.Message.JobId;
        await jobs.PostAsync(jobId, context.Message, context.CancellationToken);
        if (jobs.Find(jobId) is { } status)
            await context.ReplyAsync(status);
        else
            await context.ReplyAsync(UnknownJob.Answer(jobId));
    }
}
