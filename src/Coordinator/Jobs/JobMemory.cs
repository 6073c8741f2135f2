using Upweave.Contracts.Messages;
using Upweave.Contracts.Specification;

namespace Upweave.Coordinator.Jobs;

/// <summary>Remembers how jobs have ended: here, and those that failed also in their records, for the coordinator after this one.</summary>
public sealed class JobMemory(JobEnvironment environment)
{
    private readonly EndedJobs ended = new();

    /// <inheritdoc cref="EndedJobs.Find"/>
    public EndedJob? Find(Guid jobId) => ended.Find(jobId);

    /// <inheritdoc cref="EndedJobs.List"/>
    public IReadOnlyList<JobStatus> List() => ended.List();

    /// <summary>Answers who sends a completed job again, and tells the end again: whoever sent it may have missed that.</summary>
    /// <returns>Null when no such job has completed.</returns>
    public async Task<SubmitResult?> RepeatAsync(Guid jobId, JobSpecification specification, CancellationToken cancellationToken)
    {
        if (Find(jobId) is not { Status: { State: JobState.Completed } status } before)
            return null;
        SubmitResult answer = SubmitResult.Repeat(jobId, before.Plan, specification);
        if (answer.Accepted is not null)
        {
            await environment.Messages.AnnounceAsync(
                new JobCompleted { JobId = jobId, Output = status.Output, Summary = status.Summary! }, cancellationToken);
        }

        return answer;
    }

    /// <summary>Forgets all that is not in records.</summary>
    public void Clear() => ended.Clear();

    /// <summary>Remembers a job that has ended; nothing happens when it has not.</summary>
    /// <returns>Jobs that are forgotten in exchange, for <see cref="NoteAsync"/>.</returns>
    public IReadOnlyList<EndedJob> Add(JobRun job)
    {
        JobStatus status = job.Status;
        DateTimeOffset now = environment.Time.GetUtcNow();
        return status.State == JobState.Running ? [] : ended.Add(new EndedJob(status, job.Plan, now, job.Insight, job.Trace), now);
    }

    /// <summary>Notes a job's end, and those that are forgotten.</summary>
    /// <exception cref="Standby.LeadershipLostException">A job is another coordinator's.</exception>
    public async Task NoteAsync(JobRun job, IReadOnlyList<EndedJob> forgotten, CancellationToken cancellationToken)
    {
        JobStatus status = job.Status;
        if (status.State == JobState.Failed)
            await environment.Records.NoteFailedAsync(status, environment.Time.GetUtcNow(), cancellationToken);
        else if (status.State != JobState.Running)
            await environment.Records.RemoveAsync(job.Id, cancellationToken);
        await ForgetAsync(forgotten, cancellationToken);
    }

    /// <summary>Remembers what the coordinator before this one has noted of a job that failed.</summary>
    /// <returns>False when it has not failed.</returns>
    public async Task<bool> TryTakeOverAsync(JobRecord record, CancellationToken cancellationToken)
    {
        if (record is not { Failure: { } failure, FailedAt: { } at })
            return false;
        EndedJob job = new(failure, record.Plan, at, Insight: null, record.Trace);
        await ForgetAsync(ended.Add(job, environment.Time.GetUtcNow()), cancellationToken);
        return true;
    }

    private async Task ForgetAsync(IReadOnlyList<EndedJob> forgotten, CancellationToken cancellationToken)
    {
        foreach (EndedJob job in forgotten.Where(job => job.Status.State == JobState.Failed))
        {
            await environment.Records.RemoveAsync(job.Status.JobId, cancellationToken);
        }
    }
}
