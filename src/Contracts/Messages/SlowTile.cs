using System.Text.Json.Serialization;

namespace Upweave.Contracts.Messages;

/// <summary>The tile of a run that took longest.</summary>
/// <param name="Seconds">From its beginning in the worker until it was durable.</param>
/// <param name="TraceId">The trace of the tile, in W3C's 32 hexadecimal digits; null when it is not kept.</param>
public sealed record SlowTile(
    long Tile, double Seconds, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? TraceId = null);
