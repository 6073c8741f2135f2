using MassTransit;
using MassTransit.Logging;
using Upweave.Contracts.Messages;
using Upweave.Coordinator.Jobs;

namespace Upweave.Coordinator.Consumers;

/// <summary>Runs a failed job again. The answer is its state just then, or why it cannot be.</summary>
public sealed class RetryJobConsumer(JobService jobs) : IConsumer<RetryJob>
{
    public async Task Consume(ConsumeContext<RetryJob> context)
    {
        Guid jobId = context.Message.JobId;
        using RequestTelemetry telemetry = RequestTelemetry.Start(
            "retry", jobId, context.Headers.Get<string>(DiagnosticHeaders.ActivityId));
        if (await jobs.RetryAsync(jobId, context.CancellationToken) is { } problems)
        {
            telemetry.Rejected();
            await context.ReplyAsync(new JobRejected { JobId = jobId, Problems = problems });
        }
        else if (jobs.Find(jobId) is { } status)
        {
            await context.ReplyAsync(status);
        }
    }
}
