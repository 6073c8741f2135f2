namespace Upweave.Contracts.Messages;

/// <summary>Run the failed tiles of a job again.</summary>
public sealed record RetryJob
{
    public required Guid JobId { get; init; }

}
