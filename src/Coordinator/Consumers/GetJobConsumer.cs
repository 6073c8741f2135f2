using MassTransit;
using Upweave.Contracts;
using Upweave.Contracts.Messages;
using Upweave.Coordinator.Jobs;

namespace Upweave.Coordinator.Consumers;

/// <summary>Says how far a job is, or which jobs there are.</summary>
public sealed class GetJobConsumer(JobService jobs) : IConsumer<GetJob>
{
    public Task Consume(ConsumeContext<GetJob> context)
    {
        if (context.Message.JobId is not Guid jobId)
            return context.ReplyAsync(new JobList { Jobs = jobs.List() });
        if (jobs.Find(jobId) is { } status)
            return context.ReplyAsync(status);
        Problem unknown = new("job_id", $"No job {jobId} is known here.", "ask for all jobs without an identity");
        return context.ReplyAsync(new JobRejected { JobId = jobId, Problems = [unknown] });
    }
}
