namespace Upweave.Contracts.Messages;

/// <summary>
/// Go on with a job after <see cref="PauseJob"/>. Answered by <see cref="JobStatus"/> or, where no such job is known,
/// <see cref="JobRejected"/>. Again is harmless.
/// </summary>
public sealed record ResumeJob
{
    public required Guid JobId { get; init; }
}
