using System.Text.Json.Serialization;

namespace Upweave.Contracts.Messages;

/// <summary>Compute a run of consecutive tiles. A few hundred bytes: references and coordinates only.</summary>
public sealed record ComputeTiles
{
    public required Guid JobId { get; init; }

    /// <summary>The output, beside which the plan lies.</summary>
    public required string Output { get; init; }

    public required string PlanHash { get; init; }

    public required JobStage Stage { get; init; }

    /// <summary>The lower resolution that the tiles are of, from 1 on; null for the full one, and where there are no tiles.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Level { get; init; }

    /// <summary>Number of the first tile.</summary>
    public required long FirstTile { get; init; }

    /// <summary>Tiles in the run, at least 1.</summary>
    public required int TileCount { get; init; }

    /// <summary>1 for the first time that these tiles are sent out.</summary>
    public required int Attempt { get; init; }

    /// <summary>W3C trace context of the job's span, to which the spans of tiles are linked; null when nobody traces.</summary>
    public string? TraceParent { get; init; }

    /// <summary>When the coordinator sent it, by its clock: workers measure how long it lay in the queue.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? SentAt { get; init; }
}
