using System.Text.Json.Serialization;

namespace Upweave.Contracts.Messages;

/// <summary>A tile could not be computed.</summary>
public sealed record TileFailed
{
    public required Guid JobId { get; init; }

    public required string PlanHash { get; init; }

    public required JobStage Stage { get; init; }

    /// <summary>The lower resolution that the tiles are of, from 1 on; null for the full one, and where there are no tiles.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Level { get; init; }

    public required long Tile { get; init; }

    public required int Attempt { get; init; }

    public required TileErrorKind Kind { get; init; }

    public required string Message { get; init; }

    /// <summary>
    /// True where it says nothing about the tile: a store is away, or the worker does not know plans of this version, or has too little
    /// memory for this one. The tile goes out again later, and this does not count as one of its attempts. Only with
    /// <see cref="TileErrorKind.Transient"/>.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Postponed { get; init; }

    /// <summary>
    /// True where the worker has too little memory for the plan, and another may have enough. Only with <see cref="Postponed"/>.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? ShortOfMemory { get; init; }

    /// <summary>Name of the worker; empty when every one that took the tile was lost.</summary>
    public required string Worker { get; init; }

    /// <summary>The trace of the attempt, in W3C's 32 hexadecimal digits; null when it is not kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceId { get; init; }
}
