namespace Upweave.Contracts.Messages;

/// <summary>A job was not started: everything that is wrong with it, at once.</summary>
public sealed record JobRejected
{
    public required Guid JobId { get; init; }

    public required IReadOnlyList<Problem> Problems { get; init; }
}
