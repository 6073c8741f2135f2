using MassTransit;
using Upweave.Contracts.Messages;
using Upweave.Coordinator.Jobs;

namespace Upweave.Coordinator.Consumers;

/// <summary>Lets a job go on. The answer is its state just then.</summary>
public sealed class ResumeJobConsumer(JobService jobs) : IConsumer<ResumeJob>
{
    public async Task Consume(ConsumeContext<ResumeJob> context)
    {
        Guid jobId = context.Message.JobId;
        await jobs.PostAsync(jobId, context.Message, context.CancellationToken);
        if (jobs.Find(jobId) is { } status)
            await context.ReplyAsync(status);
        else
            await context.ReplyAsync(UnknownJob.Answer(jobId));
    }
}
