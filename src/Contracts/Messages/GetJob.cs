namespace Upweave.Contracts.Messages;

/// <summary>
/// Ask for the state of a job, answered by <see cref="JobStatus"/> or, where no such job is known, <see cref="JobRejected"/>; or,
/// without an identity, of all that are known, answered by <see cref="JobList"/>.
/// </summary>
public sealed record GetJob
{
    public Guid? JobId { get; init; }
}
