using Upweave.Contracts.Messages;
using Upweave.Contracts.Plans;

namespace Upweave.Coordinator.Jobs;

/// <summary>
/// A job that has not ended, or has failed and can be tried again, as it is kept for whichever coordinator is active next.
/// </summary>
public sealed record JobRecord
{
    public const int CurrentVersion = 1;

    public required int Version { get; init; }

    public required Guid JobId { get; init; }

    /// <summary>The coordinator that runs the job: no other changes the record without having taken the job over.</summary>
    public required string Holder { get; init; }

    /// <summary>The output has been published; what is left is to clean up and to tell.</summary>
    public required bool IsPublished { get; init; }

    /// <summary>Since when the job is paused; null when it is not.</summary>
    public DateTimeOffset? PausedSince { get; init; }

    /// <summary>How the job failed; null when it has not.</summary>
    public JobStatus? Failure { get; init; }

    /// <summary>When it failed.</summary>
    public DateTimeOffset? FailedAt { get; init; }

    /// <summary>Where the job's spans hang; null when nobody traced it, or the record is of software that kept none.</summary>
    public JobTrace? Trace { get; init; }

    /// <summary>What the output is claimed with, which is removed at the end before the job has been told of.</summary>
    public required JobPlan Plan { get; init; }
}
