using System.Text.Json.Serialization;

namespace Upweave.Contracts.Messages;

/// <summary>A run of tiles is durable in the output store.</summary>
public sealed record TilesCompleted
{
    public required Guid JobId { get; init; }

    public required string PlanHash { get; init; }

    public required JobStage Stage { get; init; }

    /// <summary>The lower resolution that the tiles are of, from 1 on; null for the full one, and where there are no tiles.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Level { get; init; }

    public required long FirstTile { get; init; }

    public required int TileCount { get; init; }

    public required TileCosts Costs { get; init; }

    /// <summary>Time since the worker took the message, or said something of it before, in seconds; null when it does not say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? HeldSeconds { get; init; }

    /// <summary>Name of the worker.</summary>
    public required string Worker { get; init; }

    /// <summary>The tile of the run that took longest; null when the worker does not say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SlowTile? Slowest { get; init; }
}
