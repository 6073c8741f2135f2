namespace Upweave.Contracts.Messages;

/// <summary>A job was cancelled; nothing of it is left behind.</summary>
public sealed record JobCancelled
{
    public required Guid JobId { get; init; }

}
