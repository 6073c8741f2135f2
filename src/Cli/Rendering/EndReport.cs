using Upweave.Contracts.Messages;

namespace Upweave.Cli.Rendering;

/// <summary>Says how a job on the coordinator ended.</summary>
internal static class EndReport
{
    /// <param name="end">The last that was heard of the job; see <see cref="Remote.JobFollower.FollowAsync"/>.</param>
    /// <returns>The exit code.</returns>
    public static int Tell(Reporter reporter, Guid jobId, object end) => end switch
    {
        JobCompleted completed => reporter.Succeed(completed, RunReport.Create(completed, slots: null)),
        JobStatus { State: JobState.Completed, Summary: { } summary } status => Tell(
            reporter, jobId, new JobCompleted { JobId = jobId, Output = status.Output, Summary = summary }),
        JobStatus { State: JobState.Completed } status => reporter.Succeed(status, StatusReport.Create(status)),
        JobFailed failed => reporter.Fail(Reason(failed)),
        JobStatus { State: JobState.Failed } status => reporter.Fail(status.Reason ?? "The job failed."),
        JobCancelled or JobStatus { State: JobState.Cancelled } => reporter.Fail("The job was cancelled."),
        JobRejected => reporter.Fail(
            $"The coordinator does not know the job {jobId} any more: it was started anew. hint: submit the same job again; it goes on "
            + "from what is done"),
        _ => throw new InvalidOperationException($"{end.GetType().Name} is not the end of a job."),
    };

    /// <summary>Why a job failed, and where.</summary>
    public static string Reason(JobFailed failed)
    {
        string tiles = string.Join(", ", failed.FailedTiles.Select(tile => tile.Tile).Distinct());
        return tiles.Length == 0 ? failed.Reason : $"{failed.Reason.TrimEnd('.')}. Failed tiles: {tiles}.";
    }
}
