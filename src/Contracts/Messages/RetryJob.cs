namespace Upweave.Contracts.Messages;

/// <summary>
/// Run a failed job again, under its identity and by its plan: only what is missing is computed, and every tile is tried afresh. Answered
/// by <see cref="JobStatus"/>, or <see cref="JobRejected"/> where there is nothing to go on with.
/// </summary>
public sealed record RetryJob
{
    public required Guid JobId { get; init; }
}
