namespace Upweave.Coordinator.Insight;

/// <summary>A resolution of a job's output, as its map has it. Tiles are as large at all of them.</summary>
/// <param name="Shape">Over all axes.</param>
/// <param name="Slices">Slices of the map of its tiles.</param>
public sealed record MapLevel(IReadOnlyList<long> Shape, int Slices);
