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

    /// <summary>OME-Zarr 0.5: a group with such an array, its axes and its place in the world, and its lower resolutions.</summary>
    OmeZarr,

    /// <summary>zarr v2: whole chunks, one object each.</summary>
    ZarrV2,

    /// <summary>OME-Zarr 0.4: the same group on zarr v2.</summary>
    OmeZarrV2,

    /// <summary>TIFF or BigTIFF of compressed tiles: one object, put together of blocks of them.</summary>
    Tiff,

    /// <summary>The same with OME-XML and one plane in each page.</summary>
    OmeTiff,
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

    /// <summary>A chunk's shape (zarr), or a TIFF tile's: a tile is whole chunks, except at the far edges.</summary>
    public required Dims Chunk { get; init; }

    /// <summary>A tile's chunks are one object, a shard (zarr); else each is an object.</summary>
    public bool IsSharded { get; init; }

    /// <summary>How chunks are compressed (zarr, TIFF); null: as is usual in the format.</summary>
    public Compression? Compression { get; init; }

    /// <summary>How hard; null: a good level.</summary>
    public int? CompressionLevel { get; init; }

    /// <summary>The lower resolutions that lie beside the full one (OME-Zarr), largest first.</summary>
    public IReadOnlyList<PyramidLevel> Pyramid { get; init; } = [];

    /// <summary>Which resolution is written: 0 is the full one, 1 the first of <see cref="Pyramid"/>.</summary>
    public int Level { get; init; }

    /// <summary>Where the elements lie in the world; null where unknown.</summary>
    public ArraySpace? Space { get; init; }

    /// <summary>What made the output: an object in JSON, kept with it where the format has a place for it; null for a plain copy.</summary>
    public string? Provenance { get; init; }

    /// <summary>Where a resolution goes; this layout is the full one's.</summary>
    /// <param name="level">0 for this one, else a place in <see cref="Pyramid"/> from 1.</param>
    public OutputLayout OfLevel(int level) => level == 0 ? this : this with { Level = level, Shape = Pyramid[level - 1].Shape };

    /// <summary>The tiles of the output.</summary>
    public TileGrid Tiles() => new(Shape, Tile);
}
