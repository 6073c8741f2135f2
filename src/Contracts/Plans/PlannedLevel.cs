namespace Upweave.Contracts.Plans;

/// <summary>A lower resolution of an output. Its tiles and chunks are as large as the full resolution's.</summary>
public sealed record PlannedLevel
{
    /// <summary>Over all axes.</summary>
    public required IReadOnlyList<long> Shape { get; init; }

    /// <summary>How many elements of the full resolution one of this level stands for, on each axis: 1 or a power of 2.</summary>
    public required IReadOnlyList<long> Factors { get; init; }
}
