namespace Upweave.Contracts.Messages;

/// <summary>A job was planned and has claimed its output.</summary>
public sealed record JobAccepted
{
    public required Guid JobId { get; init; }

    public required string PlanHash { get; init; }

    /// <summary>Tiles in all.</summary>
    public required long TileCount { get; init; }

    /// <summary>Tiles that an earlier run had done already.</summary>
    public required long TilesDone { get; init; }
}
