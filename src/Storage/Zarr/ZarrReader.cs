using System.Buffers;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Tiling;

namespace Upweave.Storage.Zarr;

/// <summary>Reads boxes of a zarr array: only the chunks that a box touches, each decoded once while it stays cached.</summary>
internal sealed class ZarrReader : IArrayReader
{
    /// <summary>Decoded chunks kept for the next box, in bytes.</summary>
    private const long CacheBytes = 64 << 20;

    /// <summary>Chunks of one box that are fetched and decoded at the same time.</summary>
    private const int ParallelChunks = 4;

    private readonly ZarrArray array;
    private readonly ZarrObjects objects;
    private readonly ZarrIdentity identity;
    private readonly TileGrid chunks;
    private readonly long cacheBytes;
    private readonly ChunkCache cache;
    private readonly int elementBytes;

    /// <param name="path">The array's folder.</param>
    /// <param name="keepsChunks">Decoded chunks are kept for the next box; else only for those who want them at the same time.</param>
    public ZarrReader(
        IObjectStore store, string path, ZarrArray array, ArrayInfo info, ZarrIdentity identity, bool keepsChunks)
    {
        cacheBytes = keepsChunks ? CacheBytes : 0;
        cache = new ChunkCache(cacheBytes);
        this.array = array;
        this.identity = identity;
        Info = info;
        objects = array.Sharding is { } sharding
            ? new ZarrShards(store, path, array, identity, sharding)
            : new ZarrChunkObjects(store, path, array, identity);
        chunks = new TileGrid(array.Shape, array.Chunk);
        elementBytes = array.Type.Size();
    }

    public ArrayInfo Info { get; }

    public string Identity => identity.ToString();

    public async ValueTask ReadAsync(Box box, Memory<byte> destination, CancellationToken cancellationToken)
    {
        BoxCheck.Throw(Info, box, destination.Length);
        ParallelOptions options = new() { MaxDegreeOfParallelism = ParallelChunks, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(chunks.Covering(box), options, async (index, cancelled) =>
        {
            // A stored chunk has its full shape, also where it reaches beyond the array.
            Box stored = new(chunks[index].Origin, array.Chunk);
            Box wanted = stored.Intersect(box);
            if (array.Chain.IsPlain)
            {
                await ReadPlainAsync(stored, wanted, destination, box, cancelled);
                return;
            }

            byte[]? chunk = await cache.GetAsync(index, given => LoadAsync(stored.Origin, given), cancelled);
            if (chunk is null)
                Fill(wanted, destination.Span, box);
            else
                StridedCopy.CopyBox(wanted, chunk, stored, destination.Span, box, elementBytes);
        });
    }

    public long ReadOverheadBytes(Dims boxShape) => checked(
        ReadOverheadBytes(boxShape, array.Chain) + (Touched(boxShape, array.Chunk) * objects.OverheadBytes));

    /// <summary>Plain chunks are not kept.</summary>
    public long KeptBytes => checked(
        objects.KeptBytes + (array.Chain.IsPlain ? 0 : ChunkCache.KeptBytes(cacheBytes, chunks.Count, array.Chain.ChunkBytes)));

    /// <summary>See <see cref="ReadOverheadBytes(Dims)"/>: chunks that are decoded at the same time, or parts of plain ones.</summary>
    public static long ReadOverheadBytes(Dims boxShape, ZarrChain chain) => checked(Touched(boxShape, chain.Chunk) * (chain.IsPlain
        ? PooledBytes.Of(Math.Min(chain.ChunkBytes, boxShape.Volume * chain.ElementBytes)) + LinearBoxReader.ScratchBytes
        : chain.ChunkBytes + PooledBytes.Of(chain.StoredBytesMax) + chain.ScratchBytes));

    /// <summary>
    /// <see cref="ReadOverheadBytes(Dims)"/> and <see cref="KeptBytes"/> of a reader that keeps no chunks, of an array that is yet to be
    /// written.
    /// </summary>
    public static long HeldBytes(Dims boxShape, OutputLayout layout)
    {
        ZarrByteCodec[] compression = ZarrWriter.CompressorOf(layout).Kind switch
        {
            Compression.Zstd => [new ZarrZstdCodec()],
            Compression.Deflate => [new ZarrDeflateCodec(IsZlib: false)],
            _ => [],
        };
        ZarrChain chain = ZarrChain.Plain(layout.Chunk, layout.Type.Size()) with
        {
            Codecs = layout.IsSharded ? [.. compression, new ZarrChecksumCodec()] : compression,
        };
        long held = ReadOverheadBytes(boxShape, chain);
        if (!layout.IsSharded)
            return held;
        TileGrid shards = layout.Tiles();
        long index = ZarrShardLayout.Of(shards.Tile, layout.Chunk).IndexBytes;
        return checked(held + (Touched(boxShape, layout.Chunk) * index) + ZarrShards.IndexesKeptBytes(shards.Count, index));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The most chunks that a box of this shape touches and that are read at the same time.</summary>
    private static long Touched(Dims boxShape, Dims chunk)
    {
        long touched = 1;
        for (int axis = 0; axis < boxShape.Count; axis++)
        {
            touched = Math.Min(ParallelChunks, touched * (1 + IntegerMath.CeilDiv(boxShape[axis], chunk[axis])));
        }

        return touched;
    }

    /// <summary>Elements stored as they are need no decoding: the part that is wanted is read, and nothing is kept.</summary>
    private async ValueTask ReadPlainAsync(Box stored, Box wanted, Memory<byte> destination, Box box, CancellationToken cancellationToken)
    {
        if (await objects.FindAsync(stored.Origin, cancellationToken) is not { } source)
        {
            Fill(wanted, destination.Span, box);
            return;
        }

        int length = checked((int)(wanted.Volume * elementBytes));
        byte[] part = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            LinearBoxReader chunk = new(source, 0, array.Chunk, elementBytes);
            Box inside = wanted.Translate(Dims.Build(wanted.Rank, axis => -stored.Origin[axis]));
            await chunk.ReadAsync(inside, part.AsMemory(0, length), cancellationToken);
            StridedCopy.CopyBox(wanted, part, wanted, destination.Span, box, elementBytes);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(part);
        }
    }

    private async Task<byte[]?> LoadAsync(Dims origin, CancellationToken cancellationToken)
    {
        byte[] stored = ArrayPool<byte>.Shared.Rent(checked((int)array.Chain.StoredBytesMax));
        try
        {
            if (await objects.ReadAsync(origin, stored, cancellationToken) is not { } length)
                return null;
            byte[] chunk = GC.AllocateUninitializedArray<byte>(array.Chain.ChunkBytes);
            array.Chain.Decode(new ArraySegment<byte>(stored, 0, length), chunk, objects.NameOf(origin));
            return chunk;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(stored);
        }
    }

    /// <summary>Fills a box of the destination with the fill value, row by row.</summary>
    private void Fill(Box wanted, Span<byte> destination, Box box)
    {
        ContiguousRuns runs = new(box.Shape);
        Box inside = wanted.Translate(Dims.Build(box.Rank, axis => -box.Origin[axis]));
        int length = (int)(runs.Length(inside) * elementBytes);
        foreach (long start in runs.Starts(inside))
        {
            Span<byte> run = destination.Slice((int)(start * elementBytes), length);
            for (int offset = 0; offset < length; offset += elementBytes)
            {
                array.Fill.CopyTo(run[offset..]);
            }
        }
    }
}
