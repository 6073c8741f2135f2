using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Storage.Zarr;

/// <summary>What an array's metadata says, as far as reading goes.</summary>
internal sealed record ZarrArray
{
    /// <summary>For people, e.g. <c>zarr v3</c>.</summary>
    public required string Format { get; init; }

    public required Dims Shape { get; init; }

    public required ElementType Type { get; init; }

    public required ZarrChunkKeys Keys { get; init; }

    /// <summary>Of a chunk, which is what is decoded at once: an inner one where there are shards.</summary>
    public required ZarrChain Chain { get; init; }

    /// <summary>Null where each chunk is an object.</summary>
    public ZarrSharding? Sharding { get; init; }

    /// <summary>The element that chunks which are not stored are full of: its bytes, little-endian.</summary>
    public required byte[] Fill { get; init; }

    /// <summary>The names of the axes where each is known; else null.</summary>
    public IReadOnlyList<string>? DimensionNames { get; init; }

    /// <summary>A chunk's shape. Every chunk is stored whole, also where it reaches beyond the array.</summary>
    public Dims Chunk => Chain.Chunk;

    /// <summary>The shape of what is one object: a shard or a chunk.</summary>
    public Dims ObjectShape => Sharding?.Shape ?? Chunk;

    /// <summary>What the array says of itself, without the group that it may lie in.</summary>
    public ArrayInfo Describe() => new()
    {
        Format = Format,
        Shape = Shape,
        Type = Type,
        Axes = ZarrAxes.Letters(DimensionNames),
        Chunk = Chunk,
        Codecs = [.. Sharding is null ? [] : new[] { $"sharding_indexed ({string.Join("x", Sharding.Shape)})" }, .. Chain.Names],
    };
}
