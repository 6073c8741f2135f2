namespace Upweave.Contracts.Plans;

/// <summary>What a plan will cost.</summary>
public sealed record PlanPrediction
{
    public required long Tiles { get; init; }

    /// <summary>Share of input elements read more than once: elements read by all tiles / elements they draw on, minus 1.</summary>
    public required double HaloShare { get; init; }

    /// <summary>Uncompressed bytes that all tiles read.</summary>
    public required long BytesRead { get; init; }

    /// <summary>Uncompressed bytes of the output.</summary>
    public required long BytesWritten { get; init; }

    /// <summary>Two per multiply-add: 2 * N * Cin/groups * Cout * taps, over all outputs.</summary>
    public required double Flops { get; init; }

    /// <summary>Bytes that one tile takes in a worker while it is read, computed and written.</summary>
    public required long TileBytes { get; init; }

    /// <summary>Bytes of packed weights, once per worker.</summary>
    public required long WeightBytes { get; init; }

    /// <summary>Bytes of the input's decoded chunks that are kept for neighbouring tiles, once per worker.</summary>
    public long KeptBytes { get; init; }
}
