namespace Upweave.Contracts.Messages;

/// <summary>
/// Send out no more tiles of a job until <see cref="ResumeJob"/>; those that are out are finished. Answered by <see cref="JobStatus"/>
/// or, where no such job is known, <see cref="JobRejected"/>. Again is harmless.
/// </summary>
public sealed record PauseJob
{
    public required Guid JobId { get; init; }
}
