namespace Upweave.Contracts.Messages;

/// <summary>The jobs that a coordinator knows: those that run, then those that have ended, latest first.</summary>
public sealed record JobList
{
    public required IReadOnlyList<JobStatus> Jobs { get; init; }
}
