using System.Buffers.Binary;
using Upweave.Tiling;

namespace Upweave.Storage.Tests.Zarr;

/// <summary>Puts chunks into shards as the specification of <c>sharding_indexed</c> says, number by number.</summary>
/// <param name="Skip">Whether an inner chunk, by its place in the shard, is left out.</param>
internal sealed record ZarrFolderShards(Dims Shape, bool AtStart, bool IndexBigEndian, bool IndexChecksum, Func<long, bool> Skip)
{
    public string Codecs(Dims chunk, string chunkCodecs) => $$$"""
        [{"name": "sharding_indexed", "configuration": {"chunk_shape": {{{chunk}}}, "codecs": {{{chunkCodecs}}},
          "index_codecs": [{"name": "bytes", "configuration": {"endian": "{{{(IndexBigEndian ? "big" : "little")}}}"} }{{{(IndexChecksum ? ", \"crc32c\"" : "")}}}],
          "index_location": "{{{(AtStart ? "start" : "end")}}}"} }]
        """;

    public byte[] Encode(Dims at, Dims chunk, Func<Dims, byte[]> encode)
    {
        Dims counts = Dims.Build(chunk.Count, axis => Shape[axis] / chunk[axis]);
        int indexBytes = (int)(16 * counts.Volume) + (IndexChecksum ? 4 : 0);
        List<byte> chunks = [];
        byte[] index = new byte[16 * counts.Volume];
        for (long place = 0; place < counts.Volume; place++)
        {
            Dims inside = Sample.Unravel(place, counts);
            byte[] stored = Skip(place) ? [] : encode(Dims.Build(chunk.Count, axis => (at[axis] * counts[axis]) + inside[axis]));
            ulong offset = Skip(place) ? ulong.MaxValue : (ulong)(chunks.Count + (AtStart ? indexBytes : 0));
            Put(index.AsSpan((int)place * 16), offset);
            Put(index.AsSpan((int)(place * 16) + 8), Skip(place) ? ulong.MaxValue : (ulong)stored.Length);
            chunks.AddRange(stored);
        }

        byte[] whole = IndexChecksum ? WithChecksum(index) : index;
        return AtStart ? [.. whole, .. chunks] : [.. chunks, .. whole];
    }

    /// <summary>CRC-32C bit by bit, by its polynomial reversed.</summary>
    public static byte[] WithChecksum(byte[] content)
    {
        uint state = ~0u;
        foreach (byte value in content)
        {
            state ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                state = (state >> 1) ^ ((state & 1) * 0x82F63B78u);
            }
        }

        byte[] checksum = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, ~state);
        return [.. content, .. checksum];
    }

    private void Put(Span<byte> place, ulong number)
    {
        if (IndexBigEndian)
            BinaryPrimitives.WriteUInt64BigEndian(place, number);
        else
            BinaryPrimitives.WriteUInt64LittleEndian(place, number);
    }
}
