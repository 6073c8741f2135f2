using MassTransit;
using Upweave.Contracts;
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
        {
            await context.ReplyAsync(status);
            return;
        }

        Problem unknown = new("job_id", $"No job {jobId} is known here.", "ask for all jobs without an identity");
        await context.ReplyAsync(new JobRejected { JobId = jobId, Problems = [unknown] });
    }
}
