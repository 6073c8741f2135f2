namespace Upweave.Contracts.Messages;

/// <summary>A job has ended without a result. What is done stays staged; submitting the same job goes on from there.</summary>
public sealed record JobFailed
{
    public required Guid JobId { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>The tiles that failed, at most 100 of them.</summary>
    public required IReadOnlyList<TileFailed> FailedTiles { get; init; }
}
