using Upweave.Contracts;
using Upweave.Contracts.Messages;
using Upweave.Contracts.Plans;
using Upweave.Coordinator.Insight;

namespace Upweave.Coordinator.Jobs;

/// <summary>A job that has ended, the plan that it ran, and when.</summary>
/// <param name="Insight">What people may see of it; null for one that has ended long ago.</param>
/// <param name="Trace">Where its spans hang; null when nobody traced it.</param>
public sealed record EndedJob(JobStatus Status, JobPlan Plan, DateTimeOffset At, JobInsight? Insight, JobTrace? Trace)
{
    /// <summary>Why there is nothing to try again; null for a job that has failed.</summary>
    public Problem? NothingToRetry
    {
        get
        {
            string how = Status.State == JobState.Completed ? "completed" : "cancelled";
            return Status.State == JobState.Failed
                ? null
                : new Problem("job_id", $"Job {Status.JobId} was {how}: there is nothing to try again.", "submit the job anew");
        }
    }
}

/// <summary>Remembers how the latest jobs ended, for those who ask afterwards. Safe for concurrent use.</summary>
public sealed class EndedJobs
{
    /// <summary>The most jobs that are remembered.</summary>
    public const int JobsMax = 256;

    /// <summary>The most whose tiles can still be looked at: little more than a megabyte each at most.</summary>
    public const int InsightsMax = 32;

    /// <summary>How long a job is remembered: what it has left may be removed after as long (<c>upweave gc</c>).</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    private readonly Lock gate = new();
    private readonly LinkedList<EndedJob> latest = [];

    /// <summary>A job has ended; an earlier job of the same identity is forgotten.</summary>
    /// <returns>Jobs that are too old or too many, and forgotten.</returns>
    public IReadOnlyList<EndedJob> Add(EndedJob job, DateTimeOffset now)
    {
        List<EndedJob> forgotten = [];
        lock (gate)
        {
            if (latest.FirstOrDefault(known => known.Status.JobId == job.Status.JobId) is { } earlier)
                latest.Remove(earlier);
            LinkedListNode<EndedJob>? before = latest.First;
            while (before?.Value.At > job.At)
            {
                before = before.Next;
            }

            if (before is null)
                latest.AddLast(job);
            else
                latest.AddBefore(before, job);
            while (latest.Last is { } last && (latest.Count > JobsMax || last.Value.At < now - Kept))
            {
                forgotten.Add(last.Value);
                latest.RemoveLast();
            }

            LinkedListNode<EndedJob>? older = latest.First;
            for (int newer = 0; newer < InsightsMax; newer++)
            {
                older = older?.Next;
            }

            if (older is not null)
                older.Value = older.Value with { Insight = null };
        }

        return forgotten;
    }

    public void Clear()
    {
        lock (gate)
        {
            latest.Clear();
        }
    }

    public EndedJob? Find(Guid jobId)
    {
        lock (gate)
        {
            return latest.FirstOrDefault(job => job.Status.JobId == jobId);
        }
    }

    /// <summary>Latest first.</summary>
    public IReadOnlyList<JobStatus> List()
    {
        lock (gate)
        {
            return [.. latest.Select(job => job.Status)];
        }
    }
}
