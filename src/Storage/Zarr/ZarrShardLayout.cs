using Upweave.Tiling;

namespace Upweave.Storage.Zarr;

/// <summary>
/// A shard as it is written: inner chunks one after the other, then the index with the offset and the length of each in C order, and
/// its checksum (zarr v3, codec <c>sharding_indexed</c>).
/// </summary>
/// <param name="Shape">Of a shard: whole inner chunks.</param>
/// <param name="Chunk">Of an inner chunk.</param>
internal sealed record ZarrShardLayout(Dims Shape, Dims Chunk)
{
    /// <summary>Stands for offset and length of an inner chunk that is not stored.</summary>
    public const ulong Missing = ulong.MaxValue;

    private const int EntryBytes = 2 * sizeof(ulong);

    /// <summary>The shard that a tile is written as. It reaches beyond a tile that is less than whole chunks.</summary>
    public static ZarrShardLayout Of(Dims tile, Dims chunk) =>
        new(Dims.Build(tile.Count, axis => IntegerMath.RoundUp(tile[axis], chunk[axis])), chunk);

    /// <summary>Inner chunks of a shard.</summary>
    public long Chunks => Dims.Build(Shape.Count, axis => Shape[axis] / Chunk[axis]).Volume;

    /// <summary>Bytes of the index and its checksum.</summary>
    public long IndexBytes => checked((Chunks * EntryBytes) + Crc32C.Size);
}
