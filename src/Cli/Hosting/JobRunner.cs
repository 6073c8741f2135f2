using Upweave.Cli.Arrays;
using Upweave.Cli.Options;
using Upweave.Cli.Rendering;
using Upweave.Contracts;
using Upweave.Contracts.Messages;
using Upweave.Contracts.Specification;

namespace Upweave.Cli.Hosting;

/// <summary>Runs one job from submission to its end, in a host of its own.</summary>
internal static class JobRunner
{
    /// <exception cref="OperationCanceledException">
    /// Interrupted. The host has stopped; what is done stays staged, so that the same job goes on from there.
    /// </exception>
    public static Task<JobOutcome> RunAsync(
        JobSpecification specification, WorkerBounds bounds, ReferenceCatalog stores, IProgressView view,
        CancellationToken cancellationToken) =>
        view.ShowAsync(async sink =>
        {
            string? output = specification.Output;
            bool isPath = !string.IsNullOrWhiteSpace(output) && !output.Contains('\0', StringComparison.Ordinal);
            using IDisposable? sole = isPath ? OutputLock.TryTake(stores.PlaceOf(output!)) : null;
            if (isPath && sole is null)
                return new JobOutcome { Rejected = [InWork(output!)] };

            // What is not a path the planner refuses, together with everything else that is wrong.
            await using EmbeddedHost host = await EmbeddedHost.StartAsync(bounds, stores, cancellationToken);
            Guid jobId = Guid.NewGuid();
            return await host.SubmitAsync(jobId, specification, cancellationToken) is JobRejected rejected
                ? new JobOutcome { Rejected = rejected.Problems }
                : await FollowAsync(host.Events, jobId, sink, cancellationToken);
        });

    private static Problem InWork(string output) => new(
        "output", $"{output} is being written by another process.", "wait until that has ended, or choose another output");

    private static async Task<JobOutcome> FollowAsync(
        JobEvents events, Guid jobId, IProgressSink sink, CancellationToken cancellationToken)
    {
        await foreach (object message in events.ReadAllAsync(cancellationToken))
        {
            switch (message)
            {
                case JobProgressed progress when progress.JobId == jobId:
                    sink.Report(progress);
                    break;
                case TileFailed failure when failure.JobId == jobId:
                    sink.Report(failure);
                    break;
                case JobCompleted completed when completed.JobId == jobId:
                    return new JobOutcome { Completed = completed };
                case JobFailed failed when failed.JobId == jobId:
                    return new JobOutcome { Failed = failed };
                case JobCancelled cancelled when cancelled.JobId == jobId:
                    return new JobOutcome { Failed = new JobFailed { JobId = jobId, Reason = "The job was cancelled.", FailedTiles = [] } };
                default:
                    break;
            }
        }

        throw new InvalidOperationException("The events of the job ended before the job did.");
    }
}
