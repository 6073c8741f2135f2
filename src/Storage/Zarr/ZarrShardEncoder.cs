using System.Buffers;
using System.Buffers.Binary;
using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Storage.Zarr;

/// <summary>
/// Turns a tile into a shard. An inner chunk is compressed and followed by its checksum; one full of 0, the fill value, is not stored.
/// </summary>
internal sealed class ZarrShardEncoder(ZarrShardLayout shard, int elementBytes, ChunkCompressor compressor)
{
    private readonly int chunkBytes = checked((int)(shard.Chunk.Volume * elementBytes));

    /// <summary>The most bytes that a shard takes.</summary>
    public static long BytesMax(ZarrShardLayout shard, int elementBytes, ChunkCompressor compressor)
    {
        long chunkBytes = checked(shard.Chunk.Volume * elementBytes);
        return checked((shard.Chunks * (compressor.BytesMax(chunkBytes) + Crc32C.Size)) + shard.IndexBytes);
    }

    /// <param name="box">The tile.</param>
    /// <param name="elements">Its elements in C order.</param>
    /// <param name="destination">At least <see cref="BytesMax"/>.</param>
    /// <returns>Bytes written.</returns>
    public int Encode(Box box, ReadOnlySpan<byte> elements, Span<byte> destination)
    {
        Box whole = new(box.Origin, shard.Shape);
        TileGrid chunks = new(shard.Shape, shard.Chunk);
        byte[] index = new byte[shard.IndexBytes];
        byte[] raw = ArrayPool<byte>.Shared.Rent(chunkBytes);
        int end = 0;
        try
        {
            for (long number = 0; number < chunks.Count; number++)
            {
                Box chunk = chunks[number].Translate(whole.Origin);
                Span<byte> gathered = raw.AsSpan(0, chunkBytes);
                int length = HasElements(chunk, box, elements, gathered) ? Store(gathered, destination[end..]) : 0;
                Span<byte> entry = index.AsSpan((int)number * 2 * sizeof(ulong));
                BinaryPrimitives.WriteUInt64LittleEndian(entry, length > 0 ? (ulong)end : ZarrShardLayout.Missing);
                BinaryPrimitives.WriteUInt64LittleEndian(entry[sizeof(ulong)..], length > 0 ? (ulong)length : ZarrShardLayout.Missing);
                end += length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(raw);
        }

        Crc32C.Append(index, index.Length - Crc32C.Size);
        index.CopyTo(destination[end..]);
        return end + index.Length;
    }

    /// <summary>Gathers a chunk; false when all of it is 0, or outside the tile.</summary>
    private bool HasElements(Box chunk, Box box, ReadOnlySpan<byte> elements, Span<byte> gathered)
    {
        Box inside = chunk.Intersect(box);
        if (inside.IsEmpty)
            return false;
        if (inside != chunk)
            gathered.Clear();
        StridedCopy.CopyBox(inside, elements, box, gathered, chunk, elementBytes);
        return gathered.ContainsAnyExcept((byte)0);
    }

    private int Store(ReadOnlySpan<byte> chunk, Span<byte> destination) =>
        Crc32C.Append(destination, compressor.Compress(chunk, destination[..checked((int)compressor.BytesMax(chunk.Length))]));
}
