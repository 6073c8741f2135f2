namespace Upweave.Contracts.Messages;

/// <summary>A job was planned and has claimed its output.</summary>
public sealed record JobAccepted
{
    public required Guid JobId { get; init; }

    public required string PlanHash { get; init; }

    /// <summary>Tiles in all.</summary>
    public required long TileCount { get; init; }

    /// <summary>An earlier run had claimed the output for the same job; this one goes on with that plan.</summary>
    public required bool Resumed { get; init; }
}
