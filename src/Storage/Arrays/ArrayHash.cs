using System.Buffers;
using System.Security.Cryptography;
using Upweave.Tiling;

namespace Upweave.Storage.Arrays;

/// <summary>
/// The SHA-256 of an array's elements, little-endian, in C order: the same whatever the format, chunks and tiles.
/// </summary>
public static class ArrayHash
{
    /// <summary>What is read at once, in bytes.</summary>
    private const long SlabBytes = 32 << 20;

    /// <summary>Allowed where a slab then holds whole chunks: otherwise each chunk would be decoded many times.</summary>
    private const long ChunkSlabBytesMax = 256 << 20;

    /// <summary>The hash, in lower-case hexadecimal.</summary>
    public static async ValueTask<string> ComputeAsync(IArrayReader reader, CancellationToken cancellationToken)
    {
        ArrayInfo info = reader.Info;
        int elementBytes = info.Type.Size();
        // A slab is a single index on the outer axes, a range on one, and whole on the inner ones: its elements are
        // contiguous in C order, and slabs follow each other in that order.
        TileGrid slabs = new(info.Shape, SlabShape(info, elementBytes));
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)(slabs.Tile.Volume * elementBytes));
        try
        {
            for (long index = 0; index < slabs.Count; index++)
            {
                Box slab = slabs[index];
                Memory<byte> elements = buffer.AsMemory(0, (int)(slab.Volume * elementBytes));
                await reader.ReadAsync(slab, elements, cancellationToken);
                hash.AppendData(elements.Span);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static Dims SlabShape(ArrayInfo info, int elementBytes)
    {
        long[] slab = new long[info.Shape.Count];
        Array.Fill(slab, 1);
        long inner = elementBytes;
        for (int axis = slab.Length - 1; axis >= 0; axis--)
        {
            long chunk = Math.Min(info.Chunk?[axis] ?? 1, info.Shape[axis]);
            long layer = inner * chunk;
            slab[axis] = layer <= SlabBytes
                ? Math.Min(SlabBytes / layer * chunk, info.Shape[axis])
                : layer <= ChunkSlabBytesMax ? chunk : Math.Max(1, SlabBytes / inner);
            if (slab[axis] < info.Shape[axis])
                break;
            inner *= info.Shape[axis];
        }

        return Dims.Create(slab);
    }
}
