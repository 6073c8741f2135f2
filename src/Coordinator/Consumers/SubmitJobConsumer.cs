using System.Text;
using MassTransit;
using MassTransit.Logging;
using Upweave.Contracts.Messages;
using Upweave.Coordinator.Jobs;

namespace Upweave.Coordinator.Consumers;

/// <summary>Takes a job on, or answers with everything that is wrong with it.</summary>
public sealed class SubmitJobConsumer(JobService jobs) : IConsumer<SubmitJob>
{
    public async Task Consume(ConsumeContext<SubmitJob> context)
    {
        Guid jobId = context.MessageId ?? Guid.NewGuid();
        using RequestTelemetry telemetry = RequestTelemetry.Start(
            "submit", jobId, context.Headers.Get<string>(DiagnosticHeaders.ActivityId));
        byte[] json = Encoding.UTF8.GetBytes(context.Message.Specification);
        SubmitResult result = await jobs.SubmitAsync(jobId, json, context.CancellationToken);
        if (result.Accepted is not null)
        {
            await context.ReplyAsync(result.Accepted);
            return;
        }

        telemetry.Rejected();
        await context.ReplyAsync(result.Rejected!);
    }
}
