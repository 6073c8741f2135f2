using System.Buffers;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Tiling;

namespace Upweave.Storage.Zarr;

/// <summary>Reads boxes of a zarr v3 array: only the chunks that a box touches, each decoded once while it stays cached.</summary>
internal sealed class ZarrReader : IArrayReader
{
    /// <summary>Decoded chunks kept for the next box, in bytes.</summary>
    private const long CacheBytes = 64 << 20;

    /// <summary>Chunks of one box that are fetched and decoded at the same time.</summary>
    private const int ParallelChunks = 4;

    private const long MetadataBytesMax = 16 << 20;

    private readonly IObjectStore store;
    private readonly string path;
    private readonly ZarrMetadata metadata;
    private readonly ZarrIdentity identity;
    private readonly TileGrid chunks;
    private readonly ChunkCache cache = new(CacheBytes);
    private readonly int elementBytes;

    private ZarrReader(IObjectStore store, string path, ZarrMetadata metadata, ZarrIdentity identity)
    {
        this.store = store;
        this.path = path;
        this.metadata = metadata;
        this.identity = identity;
        chunks = new TileGrid(metadata.Shape, metadata.Chunk);
        elementBytes = metadata.Type.Size();
        Info = new ArrayInfo
        {
            Format = "zarr v3",
            Shape = metadata.Shape,
            Type = metadata.Type,
            Axes = metadata.Axes,
            Chunk = metadata.Chunk,
            Codecs = metadata.Codecs.Names,
        };
    }

    public ArrayInfo Info { get; }

    public string Identity => identity.ToString();

    /// <param name="info">The metadata object.</param>
    /// <param name="reference">Names the array in messages.</param>
    /// <param name="pinned">See <see cref="ArrayReaders"/>.</param>
    public static async ValueTask<ZarrReader> OpenAsync(
        IObjectStore store,
        string path,
        ObjectInfo info,
        string reference,
        string? pinned,
        CancellationToken cancellationToken)
    {
        if (info.Length > MetadataBytesMax)
            throw new InvalidArrayException($"The metadata of '{reference}' has {info.Length} bytes; at most {MetadataBytesMax} are read.");
        DateTimeOffset now = pinned is null ? await store.GetTimeAsync(cancellationToken) : default;
        byte[] json = new byte[info.Length];
        await store.ReadAsync(info.Path, 0, json, info.ETag, cancellationToken);
        ZarrIdentity? identity = pinned is null ? ZarrIdentity.Take(json, now) : ZarrIdentity.Parse(pinned);
        if (identity is null || !identity.IsOf(json))
            throw new ObjectChangedException($"The metadata of '{reference}' has been changed since the job was planned.");
        return new ZarrReader(store, path, ZarrMetadataReader.Parse(json, reference), identity);
    }

    public async ValueTask ReadAsync(Box box, Memory<byte> destination, CancellationToken cancellationToken)
    {
        BoxCheck.Throw(Info, box, destination.Length);
        ParallelOptions options = new() { MaxDegreeOfParallelism = ParallelChunks, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(chunks.Covering(box), options, async (index, cancelled) =>
        {
            // A stored chunk has its full shape, also where it reaches beyond the array.
            Box stored = new(chunks[index].Origin, metadata.Chunk);
            Box wanted = stored.Intersect(box);
            if (metadata.Codecs.IsPlain)
            {
                await ReadPlainAsync(index, stored, wanted, destination, box, cancelled);
                return;
            }

            byte[]? chunk = await cache.GetAsync(index, () => LoadAsync(index), cancelled);
            if (chunk is null)
                Fill(wanted, destination.Span, box);
            else
                StridedCopy.CopyBox(wanted, chunk, stored, destination.Span, box, elementBytes);
        });
    }

    public long ReadOverheadBytes(Dims boxShape) => ReadOverheadBytes(boxShape, metadata.Chunk, elementBytes, metadata.Codecs);

    /// <summary>Chunks as they are stored are not kept.</summary>
    public long KeptBytes =>
        metadata.Codecs.IsPlain ? 0 : Math.Min(CacheBytes, checked(chunks.Count * (metadata.ChunkBytes + ChunkCache.EntryBytes)));

    /// <summary>See <see cref="ReadOverheadBytes(Dims)"/>: chunks that are decoded at the same time, or parts of plain ones.</summary>
    public static long ReadOverheadBytes(Dims boxShape, Dims chunk, int elementBytes, ZarrCodecs codecs)
    {
        long touched = 1;
        for (int axis = 0; axis < boxShape.Count; axis++)
        {
            touched = Math.Min(ParallelChunks, touched * (1 + IntegerMath.CeilDiv(boxShape[axis], chunk[axis])));
        }

        long chunkBytes = checked(chunk.Volume * elementBytes);
        return checked(touched * (codecs.IsPlain
            ? PooledBytes.Of(Math.Min(chunkBytes, boxShape.Volume * elementBytes)) + LinearBoxReader.ScratchBytes
            : chunkBytes + PooledBytes.Of(codecs.StoredBytesMax(chunkBytes))));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Elements stored as they are need no decoding: the part that is wanted is read, and nothing is kept.</summary>
    private async ValueTask ReadPlainAsync(
        long index, Box stored, Box wanted, Memory<byte> destination, Box box, CancellationToken cancellationToken)
    {
        if (await FindAsync(index, cancellationToken) is not { } info)
        {
            Fill(wanted, destination.Span, box);
            return;
        }

        int length = checked((int)(wanted.Volume * elementBytes));
        byte[] part = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            LinearBoxReader chunk = new(new ObjectSource(store, info), 0, metadata.Chunk, elementBytes);
            Box inside = wanted.Translate(Dims.Build(wanted.Rank, axis => -stored.Origin[axis]));
            await chunk.ReadAsync(inside, part.AsMemory(0, length), cancellationToken);
            StridedCopy.CopyBox(wanted, part, wanted, destination.Span, box, elementBytes);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(part);
        }
    }

    /// <summary>A chunk's object; null when it is not stored.</summary>
    private async ValueTask<ObjectInfo?> FindAsync(long index, CancellationToken cancellationToken)
    {
        if (await store.StatAsync(NameOf(index), cancellationToken) is not { } info)
            return null;
        Check(info);
        return info;
    }

    private string NameOf(long index)
    {
        Dims origin = chunks[index].Origin;
        return $"{path}/{metadata.Keys.Of(Dims.Build(origin.Count, axis => origin[axis] / chunks.Tile[axis]))}";
    }

    /// <exception cref="ObjectChangedException">It was written after the job was planned.</exception>
    /// <exception cref="CorruptDataException">It cannot be a chunk of this array.</exception>
    private void Check(ObjectInfo info)
    {
        if (info.LastModified > identity.PlannedAt)
            throw new ObjectChangedException($"'{info.Path}' has been written since the job was planned.");
        bool fits = metadata.Codecs.IsPlain
            ? info.Length == metadata.ChunkBytes
            : info.Length <= metadata.Codecs.StoredBytesMax(metadata.ChunkBytes);
        if (!fits)
            throw ZarrCodecs.WrongSize(info.Path, metadata.ChunkBytes, $"{info.Length} stored");
    }

    /// <summary>Not cancelled: the chunk may be wanted by others too, and it is one bounded read.</summary>
    private async Task<byte[]?> LoadAsync(long index)
    {
        string name = NameOf(index);
        byte[] stored = ArrayPool<byte>.Shared.Rent(checked((int)metadata.Codecs.StoredBytesMax(metadata.ChunkBytes)));
        try
        {
            if (await store.ReadAllAsync(name, stored, CancellationToken.None) is not { } info)
                return null;
            Check(info);
            byte[] chunk = GC.AllocateUninitializedArray<byte>(metadata.ChunkBytes);
            metadata.Codecs.Decode(stored, (int)info.Length, chunk, elementBytes, name);
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
                metadata.Fill.CopyTo(run[offset..]);
            }
        }
    }
}
