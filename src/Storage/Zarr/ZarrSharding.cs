using System.Buffers.Binary;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Tiling;

namespace Upweave.Storage.Zarr;

/// <summary>How a shard is read: where its index is, and which inner chunk has which place there (codec <c>sharding_indexed</c>).</summary>
internal sealed record ZarrSharding
{
    /// <summary>The largest index that is handled, in bytes: half a million inner chunks.</summary>
    public const long IndexBytesMax = 8 << 20;

    private const int EntryBytes = 2 * sizeof(ulong);

    /// <summary>A shard's shape, in the array's order of axes: whole inner chunks.</summary>
    public required Dims Shape { get; init; }

    /// <summary>An inner chunk's shape, in the array's order of axes.</summary>
    public required Dims Chunk { get; init; }

    /// <summary>Axis k of the shard is axis <c>Order[k]</c> of the array; null where they are the same.</summary>
    public IReadOnlyList<int>? Order { get; init; }

    public bool IndexAtStart { get; init; }

    public bool IndexBigEndian { get; init; }

    /// <summary>Checksums behind the index: 0 or more.</summary>
    public int Checksums { get; init; }

    /// <summary>Inner chunks of a shard.</summary>
    /// <exception cref="OverflowException">They cannot be counted in 64 bits.</exception>
    public long Chunks => Dims.Build(Shape.Count, axis => Shape[axis] / Chunk[axis]).Volume;

    /// <summary>Bytes of the index as it is stored.</summary>
    public long IndexBytes => checked((Chunks * EntryBytes) + ((long)Checksums * Crc32C.Size));

    /// <summary>The place in the index of the inner chunk that begins at an element of the shard.</summary>
    public int PlaceOf(Dims origin)
    {
        long place = 0;
        for (int step = 0; step < Shape.Count; step++)
        {
            int axis = Order?[step] ?? step;
            place = (place * (Shape[axis] / Chunk[axis])) + (origin[axis] / Chunk[axis]);
        }

        return (int)place;
    }

    /// <summary>Checks an index, and turns it to little-endian numbers.</summary>
    /// <param name="stored">The index with its checksums.</param>
    /// <exception cref="CorruptDataException">A checksum is wrong.</exception>
    public ZarrShardIndex Parse(byte[] stored, ObjectInfo shard)
    {
        ArraySegment<byte> content = stored;
        for (int count = 0; count < Checksums; count++)
        {
            content = new ZarrChecksumCodec().Decode(content, default, $"{shard.Path} (its index)");
        }

        if (IndexBigEndian)
            ByteOrder.Reverse(content, sizeof(ulong));
        return new ZarrShardIndex(shard, stored);
    }

    /// <summary>Where an inner chunk lies in its shard; null when it is not stored.</summary>
    /// <exception cref="CorruptDataException">The place is not inside the shard, or reaches into the index.</exception>
    public (long Offset, long Length)? Find(ZarrShardIndex index, int place, string name)
    {
        ReadOnlySpan<byte> entry = index.Entries.AsSpan(place * EntryBytes, EntryBytes);
        ulong offset = BinaryPrimitives.ReadUInt64LittleEndian(entry);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(entry[sizeof(ulong)..]);
        if (offset == ZarrShardLayout.Missing && length == ZarrShardLayout.Missing)
            return null;
        ulong first = IndexAtStart ? (ulong)IndexBytes : 0;
        ulong end = (ulong)(index.Shard.Length - (IndexAtStart ? 0 : IndexBytes));
        return offset >= first && offset <= end && length <= end - offset
            ? ((long)offset, (long)length)
            : throw new CorruptDataException(
                $"The index of the shard '{index.Shard.Path}' says that '{name}' has {length} bytes from byte {offset} on; chunks lie "
                + $"between bytes {first} and {end} there.");
    }
}
