namespace Upweave.Contracts.Plans;

/// <summary>Where the elements of the output go.</summary>
public sealed record PlannedOutput
{
    public required string Reference { get; init; }

    /// <summary>
    /// <c>npy</c>, <c>nifti</c>, <c>zarr</c>, <c>ome-zarr</c>, the older <c>zarr-v2</c> and <c>ome-zarr-v2</c>, <c>tiff</c>,
    /// <c>ome-tiff</c> or <c>png</c>.
    /// </summary>
    public required string Format { get; init; }

    /// <summary>A picture: tiles go to scratch chunks, from which a worker exports it last.</summary>
    public required bool IsPicture { get; init; }

    /// <summary>[N, C, space...] with the axes it has; the region's extents where one was asked for.</summary>
    public required IReadOnlyList<long> Shape { get; init; }

    public required string Dtype { get; init; }

    /// <summary>One letter per axis, e.g. <c>cyx</c>.</summary>
    public required string Axes { get; init; }

    /// <summary>Where the output's first element lies in the layer's full output, per spatial axis.</summary>
    public required IReadOnlyList<long> RegionOrigin { get; init; }

    /// <summary>A tile's shape over all axes.</summary>
    public required IReadOnlyList<long> Tile { get; init; }

    /// <summary>A chunk's shape over all axes (zarr and scratch), or a TIFF tile's.</summary>
    public required IReadOnlyList<long> Chunk { get; init; }

    /// <summary>A tile's chunks are one object, a shard (zarr).</summary>
    public bool IsSharded { get; init; }

    /// <summary><c>zstd</c>, <c>gzip</c> or <c>none</c>.</summary>
    public required string Compression { get; init; }

    /// <summary>How hard; null: a good level.</summary>
    public int? CompressionLevel { get; init; }

    /// <summary>The lower resolutions, largest first; null where there are none.</summary>
    public IReadOnlyList<PlannedLevel>? Pyramid { get; init; }

    /// <summary>Where the elements lie in the world; null where the input does not say.</summary>
    public PlannedSpace? Space { get; init; }

    /// <summary>ETag of the output that is to be replaced; null: nothing may be there.</summary>
    public string? Replaces { get; init; }
}
