using Upweave.Tiling;

namespace Upweave.Storage.Zarr;

/// <summary>What the <c>zarr.json</c> of an array that is written says (Zarr core specification, version 3).</summary>
internal sealed record ZarrMetadata
{
    /// <summary>The name of the metadata object.</summary>
    public const string Key = "zarr.json";

    /// <summary>The largest decoded chunk that is handled, in bytes: a reader holds a few of them.</summary>
    public const long ChunkBytesMax = 1 << 30;

    public required Dims Shape { get; init; }

    public required ElementType Type { get; init; }

    /// <summary>A chunk's shape. Every chunk is stored whole, also where it reaches beyond the array.</summary>
    public required Dims Chunk { get; init; }

    public required ZarrChunkKeys Keys { get; init; }

    public required ZarrCodecs Codecs { get; init; }

    /// <summary>The element that chunks which are not stored are full of: its bytes, little-endian.</summary>
    public required byte[] Fill { get; init; }

    /// <summary>The names of the axes where each is known; else null.</summary>
    public IReadOnlyList<string>? DimensionNames { get; init; }

    public int ChunkBytes => (int)(Chunk.Volume * Type.Size());
}
