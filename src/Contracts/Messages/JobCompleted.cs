namespace Upweave.Contracts.Messages;

/// <summary>The output is published.</summary>
public sealed record JobCompleted
{
    public required Guid JobId { get; init; }

    public required string Output { get; init; }

    public required JobSummary Summary { get; init; }
}
