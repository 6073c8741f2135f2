namespace Upweave.Contracts.Messages;

/// <summary>Ask for the state of a job; the answer is <see cref="JobProgressed"/>.</summary>
public sealed record GetJob
{
    public required Guid JobId { get; init; }

}
