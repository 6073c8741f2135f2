using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Upweave.Contracts.Plans;
using Upweave.ServiceDefaults;

namespace Upweave.Coordinator.Jobs;

/// <summary>What operators see of a job from its acceptance to its end: a span, metrics, lines in the log.</summary>
public sealed class JobTelemetry(Guid jobId, JobPlan plan, JobProgress progress, JobEnvironment environment)
{
    private Activity? span;

    /// <summary>The span in W3C's form, for those who link theirs to it; null when nobody traces.</summary>
    public string? TraceParent => span?.Id;

    /// <summary>The job's trace, in W3C's 32 hexadecimal digits; null when it is not kept.</summary>
    public string? TraceId => span is { Recorded: true } kept ? kept.TraceId.ToHexString() : null;

    /// <summary>
    /// A run of the job begins: a child of the request that the job began with. Where another one, which is the current span, has asked
    /// for this run, it is linked to that.
    /// </summary>
    /// <param name="trace">The job's; null for that of the current span.</param>
    public void Start(JobTrace? trace)
    {
        CoordinatorTelemetry.JobsRunning.Add(1);
        ActivityContext root = trace?.Context ?? default;
        Activity? request = Activity.Current;
        span = root == default || request?.SpanId == root.SpanId
            ? CoordinatorTelemetry.Source.StartActivity("job")
            : CoordinatorTelemetry.Source.StartActivity(
                "job", ActivityKind.Internal, root, links: request is null ? [] : [new ActivityLink(request.Context)]);
        if (span is not { IsAllDataRequested: true })
            return;
        span.SetTag(TelemetryNames.JobId, jobId.ToString());
        span.SetTag(TelemetryNames.PlanHash, plan.Hash);
        span.SetTag(TelemetryNames.Output, plan.Output.Reference);
        span.SetTag(TelemetryNames.OutputFormat, plan.Output.Format);
        span.SetTag(TelemetryNames.OutputDtype, plan.Output.Dtype);
        span.SetTag(TelemetryNames.JobTiles, plan.Prediction.Tiles);
    }

    public void Completed()
    {
        End("completed");
        environment.Log.LogInformation(
            "Job {Job} completed in {Seconds:F1} s: {Output}, {Computed} of {Tiles} tiles computed, {BytesRead} bytes read, "
            + "{BytesWritten} written.",
            jobId, progress.Elapsed.TotalSeconds, plan.Output.Reference, progress.TilesComputed, plan.Prediction.Tiles,
            progress.Costs.BytesRead, progress.Costs.BytesWritten);
    }

    /// <summary>What was not foreseen is logged with all that is known of it.</summary>
    public void Failed(Exception error)
    {
        End("failed");
        span?.SetStatus(ActivityStatusCode.Error, error.Message);
        span?.AddException(error);
        if (error is not JobFailureException)
        {
            environment.Log.LogError(error, "Job {Job} failed: {Output}.", jobId, plan.Output.Reference);
            return;
        }

        environment.Log.LogWarning(
            CoordinatorTelemetry.JobFailed, "Job {Job} failed: {Output}, {Reason}", jobId, plan.Output.Reference, error.Message);
    }

    public void Cancelled()
    {
        End("cancelled");
        environment.Log.LogInformation("Job {Job} was cancelled: {Output}.", jobId, plan.Output.Reference);
    }

    /// <summary>The job stays in the store as it is.</summary>
    public void Left()
    {
        End("left");
        environment.Log.LogInformation("Job {Job} was left for another run: the coordinator is stopping.", jobId);
    }

    /// <summary>Ends the span.</summary>
    public void Stop()
    {
        CoordinatorTelemetry.JobsRunning.Add(-1);
        span?.Dispose();
    }

    private void End(string state)
    {
        CoordinatorTelemetry.CountJob(state, progress.Elapsed);
        span?.SetTag(TelemetryNames.JobState, state);
        span?.SetTag(TelemetryNames.TilesComputed, progress.TilesComputed);
    }
}
