using MassTransit;
using Upweave.Contracts;
using Upweave.Contracts.Messages;
using Upweave.Coordinator.Jobs;

namespace Upweave.Coordinator.Consumers;

/// <summary>Says how far a job is.</summary>
public sealed class GetJobConsumer(JobService jobs) : IConsumer<GetJob>
{
    public Task Consume(ConsumeContext<GetJob> context)
    {
        Guid jobId = context.Message.JobId;
        if (jobs.Find(jobId) is { } progress)
            return context.RespondAsync(progress);
        Problem unknown = new("job_id", $"No job {jobId} is running here.");
        return context.RespondAsync(new JobRejected { JobId = jobId, Problems = [unknown] });
    }
}
