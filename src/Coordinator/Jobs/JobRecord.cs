using Upweave.Contracts.Plans;

namespace Upweave.Coordinator.Jobs;

/// <summary>A job that has not ended, as it is kept for whichever coordinator is active next.</summary>
public sealed record JobRecord
{
    public const int CurrentVersion = 1;

    public required int Version { get; init; }

    public required Guid JobId { get; init; }

    /// <summary>The coordinator that runs the job: no other changes the record without having taken the job over.</summary>
    public required string Holder { get; init; }

    /// <summary>The output has been published; what is left is to clean up and to tell.</summary>
    public required bool IsPublished { get; init; }

    /// <summary>What the output is claimed with, which is removed at the end before the job has been told of.</summary>
    public required JobPlan Plan { get; init; }
}
