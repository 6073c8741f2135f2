using Upweave.Tiling;

namespace Upweave.Storage.Arrays;

/// <summary>The formats that tiles are written in.</summary>
public enum OutputFormat
{
    /// <summary>numpy's .npy: one object, put together of row ranges.</summary>
    Npy,

    /// <summary>NIfTI-1 or -2: one object, put together of row ranges.</summary>
    Nifti,

    /// <summary>zarr v3: whole chunks or shards, one object each.</summary>
    Zarr,

    /// <summary>OME-Zarr 0.5: a group with such an array, its axes and its place in the world.</summary>
    OmeZarr,
}

/// <summary>Everything that says where the elements of an output go: a pure function of the plan.</summary>
public sealed record OutputLayout
{
    public required OutputFormat Format { get; init; }

    /// <summary>Path in the store.</summary>
    public required string Path { get; init; }

    /// <summary>Names the plan that writes; see <see cref="Stores.IObjectStore.StageFile"/>.</summary>
    public required string Owner { get; init; }

    public required Dims Shape { get; init; }

    public required ElementType Type { get; init; }

    /// <summary>One letter per axis, e.g. <c>cyx</c>; null where unknown (a copied array without names).</summary>
    public string? Axes { get; init; }

    /// <summary>A tile's shape, over all axes of the array.</summary>
    public required Dims Tile { get; init; }

    /// <summary>A chunk's shape (zarr): a tile is whole chunks, except at the far edges.</summary>
    public required Dims Chunk { get; init; }

    /// <summary>A tile's chunks are one object, a shard (zarr); else each is an object.</summary>
    public bool IsSharded { get; init; }

    /// <summary>Compress chunks with zstd (zarr).</summary>
    public bool Compress { get; init; } = true;

    /// <summary>Where the elements lie in the world; null where unknown.</summary>
    public ArraySpace? Space { get; init; }

    /// <summary>What made the output: an object in JSON, kept with it where the format has a place for it; null for a plain copy.</summary>
    public string? Provenance { get; init; }

    /// <summary>The tiles of the output.</summary>
    public TileGrid Tiles() => new(Shape, Tile);
}
