using Upweave.Contracts.Messages;

namespace Upweave.Coordinator.Jobs;

/// <summary>Remembers how the latest jobs ended, for those who ask afterwards. Safe for concurrent use.</summary>
public sealed class EndedJobs
{
    /// <summary>The most jobs that are remembered.</summary>
    public const int JobsMax = 256;

    private readonly Lock gate = new();
    private readonly LinkedList<JobStatus> latest = [];

    /// <summary>A job has ended; an earlier job of the same identity is forgotten.</summary>
    public void Add(JobStatus job)
    {
        lock (gate)
        {
            if (latest.FirstOrDefault(known => known.JobId == job.JobId) is { } earlier)
                latest.Remove(earlier);
            latest.AddFirst(job);
            if (latest.Count > JobsMax)
                latest.RemoveLast();
        }
    }

    public JobStatus? Find(Guid jobId)
    {
        lock (gate)
        {
            return latest.FirstOrDefault(job => job.JobId == jobId);
        }
    }

    /// <summary>Latest first.</summary>
    public IReadOnlyList<JobStatus> List()
    {
        lock (gate)
        {
            return [.. latest];
        }
    }
}
