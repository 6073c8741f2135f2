using Upweave.Contracts.Messages;
using Upweave.Contracts.Plans;
using Upweave.Coordinator.Insight;

namespace Upweave.Coordinator.Jobs;

/// <summary>A job that has ended, and the plan that it ran.</summary>
/// <param name="Insight">What people may see of it; null for one that has ended long ago.</param>
public sealed record EndedJob(JobStatus Status, JobPlan Plan, JobInsight? Insight);

/// <summary>Remembers how the latest jobs ended, for those who ask afterwards. Safe for concurrent use.</summary>
public sealed class EndedJobs
{
    /// <summary>The most jobs that are remembered.</summary>
    public const int JobsMax = 256;

    /// <summary>The most whose tiles can still be looked at: a megabyte each at most.</summary>
    public const int InsightsMax = 32;

    private readonly Lock gate = new();
    private readonly LinkedList<EndedJob> latest = [];

    /// <summary>A job has ended; an earlier job of the same identity is forgotten.</summary>
    public void Add(EndedJob job)
    {
        lock (gate)
        {
            if (latest.FirstOrDefault(known => known.Status.JobId == job.Status.JobId) is { } earlier)
                latest.Remove(earlier);
            latest.AddFirst(job);
            if (latest.Count > JobsMax)
                latest.RemoveLast();
            LinkedListNode<EndedJob>? older = latest.First;
            for (int newer = 0; newer < InsightsMax; newer++)
            {
                older = older?.Next;
            }

            if (older is not null)
                older.Value = older.Value with { Insight = null };
        }
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
