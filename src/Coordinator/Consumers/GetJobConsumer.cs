using MassTransit;
using Upweave.Contracts.Messages;
using Upweave.Coordinator.Jobs;

namespace Upweave.Coordinator.Consumers;

/// <summary>Says how far a job is, or which jobs there are.</summary>
public sealed class GetJobConsumer(JobService jobs) : IConsumer<GetJob>
{
    public Task Consume(ConsumeContext<GetJob> context)
    {
        jobs.Demand();
        if (context.Message.JobId is not Guid jobId)
            return context.ReplyAsync(new JobList { Jobs = jobs.List() });
        return jobs.Find(jobId) is { } status ? context.ReplyAsync(status) : context.ReplyAsync(UnknownJob.Answer(jobId));
    }
}
