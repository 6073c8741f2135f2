namespace Upweave.Contracts.Messages;

/// <summary>Stop a job and remove what it staged.</summary>
public sealed record CancelJob
{
    public required Guid JobId { get; init; }

}
