using System.Buffers;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Tiling;

namespace Upweave.Storage.Zarr;

/// <summary>
/// Writes a zarr array, or one resolution of an OME-Zarr, as a staged tree: a tile is one shard, or whole chunks, one part each, padded
/// with 0 beyond the array.
/// Shards and chunks full of 0 are written too, since a tile is done when its parts are there.
/// </summary>
internal sealed class ZarrWriter : IArrayWriter
{
    private readonly IStagedTree tree;
    private readonly TileGrid tiles;
    private readonly TileGrid parts;
    private readonly ZarrShardLayout? shard;
    private readonly ChunkCompressor compressor;
    private readonly ZarrChunkKeys keys;
    private readonly string folder;
    private readonly int elementBytes;
    private readonly int chunkBytes;

    /// <exception cref="ArgumentException">Tiles are not whole chunks, or chunks are too large.</exception>
    public ZarrWriter(IStagedTree tree, OutputLayout layout)
    {
        this.tree = tree;
        Layout = layout;
        tiles = layout.Tiles();
        shard = ShardOf(layout);
        parts = new TileGrid(layout.Shape, shard?.Shape ?? layout.Chunk);
        elementBytes = layout.Type.Size();
        compressor = CompressorOf(layout);
        keys = ZarrDocuments.Keys(layout.Format);
        folder = ZarrDocuments.Folder(layout);
        for (int axis = 0; axis < layout.Shape.Count; axis++)
        {
            if (tiles.Tile[axis] % layout.Chunk[axis] != 0 && tiles.Tile[axis] != layout.Shape[axis])
                throw new ArgumentException($"Tiles {layout.Tile} are not whole chunks {layout.Chunk} on axis {axis}.", nameof(layout));
        }

        if (checked(layout.Chunk.Volume * elementBytes) > ZarrMetadata.ChunkBytesMax)
            throw new ArgumentException($"Chunks {layout.Chunk} have more than {ZarrMetadata.ChunkBytesMax} bytes.", nameof(layout));
        chunkBytes = (int)(layout.Chunk.Volume * elementBytes);
    }

    public OutputLayout Layout { get; }

    /// <summary>
    /// See <see cref="ArrayWriters.EncodedBytesMax"/>: every chunk or the shard as it is stored, and one chunk before that.
    /// </summary>
    public static long EncodedBytesMax(OutputLayout layout)
    {
        (Dims tile, Dims chunk, int elementBytes) = (layout.Tile, layout.Chunk, layout.Type.Size());
        ChunkCompressor compressor = CompressorOf(layout);
        long chunkBytes = checked(chunk.Volume * elementBytes);
        long work = compressor.WorkBytesMax(chunkBytes);
        if (layout.IsSharded)
        {
            ZarrShardLayout shard = ZarrShardLayout.Of(tile, chunk);
            long stored = PooledBytes.Of(ZarrShardEncoder.BytesMax(shard, elementBytes, compressor));
            return checked(stored + PooledBytes.Of(chunkBytes) + shard.IndexBytes + work);
        }

        long count = Dims.Build(tile.Count, axis => IntegerMath.CeilDiv(tile[axis], chunk[axis])).Volume;
        long gathered = tile == chunk ? 0 : PooledBytes.Of(chunkBytes);
        return compressor.Kind == Compression.None
            ? checked(count * gathered)
            : checked((count * PooledBytes.Of(compressor.BytesMax(chunkBytes))) + gathered + work);
    }

    public EncodedTile Encode(long tile, ReadOnlyMemory<byte> elements)
    {
        Box box = tiles[tile];
        if (elements.Length != box.Volume * elementBytes)
            throw new ArgumentException($"Tile {tile} is {box} and does not have {elements.Length} bytes.", nameof(elements));
        List<EncodedPart> encoded = [];
        List<byte[]> rented = [];
        try
        {
            foreach (long part in parts.Covering(box))
            {
                ReadOnlyMemory<byte> content = shard is null
                    ? EncodeChunk(part, box, elements, rented)
                    : EncodeShard(shard, box, elements.Span, rented);
                encoded.Add(new EncodedPart(KeyOf(part), default, content));
            }
        }
        catch
        {
            Return(rented);
            throw;
        }

        return new EncodedTile(tile, encoded, () => Return(rented));
    }

    public ValueTask<bool> PrepareAsync(WriteCondition condition, CancellationToken cancellationToken) =>
        tree.PrepareAsync(condition, cancellationToken);

    public async ValueTask WriteAsync(EncodedTile tile, CancellationToken cancellationToken)
    {
        ParallelOptions options = new() { MaxDegreeOfParallelism = ArrayWriters.PartsAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            tile.Parts, options, (part, cancelled) => tree.WriteAsync(part.Key, part.Content, cancelled));
    }

    public async ValueTask FindDoneAsync(TileSet done, CancellationToken cancellationToken)
    {
        int[] stored = new int[tiles.Count];
        await foreach (string key in tree.ListAsync(cancellationToken))
        {
            if (key.StartsWith(folder, StringComparison.Ordinal) && keys.Parse(key[folder.Length..], parts.Counts) is { } index)
            {
                Dims origin = Dims.Build(index.Count, axis => index[axis] * parts.Tile[axis]);
                stored[tiles.IndexOf(origin)]++;
            }
        }

        for (long tile = 0; tile < tiles.Count; tile++)
        {
            Dims shape = tiles[tile].Shape;
            if (stored[tile] == Dims.Build(shape.Count, axis => IntegerMath.CeilDiv(shape[axis], parts.Tile[axis])).Volume)
                done.Add(tile);
        }
    }

    public async ValueTask<bool> CommitAsync(WriteCondition condition, CancellationToken cancellationToken)
    {
        IReadOnlyList<(string Key, byte[] Content)> documents = ZarrDocuments.All(Layout);
        foreach ((string key, byte[] content) in documents.SkipLast(1))
        {
            await tree.WriteAsync(key, content, cancellationToken);
        }

        return await tree.CommitAsync(documents[^1].Content, condition, cancellationToken);
    }

    public ValueTask<bool> IsCommittedAsync(CancellationToken cancellationToken) => tree.IsCommittedAsync(cancellationToken);

    public ValueTask DiscardAsync(CancellationToken cancellationToken) => tree.DiscardAsync(cancellationToken);

    /// <summary>How a layout's chunks are compressed.</summary>
    public static ChunkCompressor CompressorOf(OutputLayout layout) =>
        new(layout.Compression ?? Compression.Zstd, layout.CompressionLevel);

    /// <summary>A tile of a layout as a shard; null where each chunk is an object.</summary>
    public static ZarrShardLayout? ShardOf(OutputLayout layout) =>
        layout.IsSharded ? ZarrShardLayout.Of(layout.Tiles().Tile, layout.Chunk) : null;

    private string KeyOf(long part)
    {
        Dims origin = parts[part].Origin;
        return folder + keys.Of(Dims.Build(origin.Count, axis => origin[axis] / parts.Tile[axis]));
    }

    private ReadOnlyMemory<byte> EncodeShard(ZarrShardLayout layout, Box box, ReadOnlySpan<byte> elements, List<byte[]> rented)
    {
        byte[] stored = Rent(checked((int)ZarrShardEncoder.BytesMax(layout, elementBytes, compressor)), rented);
        int length = new ZarrShardEncoder(layout, elementBytes, compressor).Encode(box, elements, stored);
        return stored.AsMemory(0, length);
    }

    /// <summary>The stored bytes of one chunk; what they lie in is the tile's or added to <paramref name="rented"/>.</summary>
    private ReadOnlyMemory<byte> EncodeChunk(long chunk, Box box, ReadOnlyMemory<byte> elements, List<byte[]> rented)
    {
        Box full = new(parts[chunk].Origin, Layout.Chunk);
        if (compressor.Kind == Compression.None)
            return full == box ? elements : Gather(full, box, elements.Span, Rent(chunkBytes, rented));
        byte[] compressed = Rent(checked((int)compressor.BytesMax(chunkBytes)), rented);
        if (full == box)
            return compressed.AsMemory(0, compressor.Compress(elements.Span, compressed));
        byte[] raw = ArrayPool<byte>.Shared.Rent(chunkBytes);
        try
        {
            int length = compressor.Compress(Gather(full, box, elements.Span, raw).Span, compressed);
            return compressed.AsMemory(0, length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(raw);
        }
    }

    private Memory<byte> Gather(Box full, Box box, ReadOnlySpan<byte> elements, byte[] destination)
    {
        Box inside = full.Intersect(box);
        Memory<byte> chunk = destination.AsMemory(0, chunkBytes);
        if (inside != full)
            chunk.Span.Clear();
        StridedCopy.CopyBox(inside, elements, box, chunk.Span, full, elementBytes);
        return chunk;
    }

    private static byte[] Rent(int length, List<byte[]> rented)
    {
        byte[] array = ArrayPool<byte>.Shared.Rent(length);
        rented.Add(array);
        return array;
    }

    private static void Return(List<byte[]> rented)
    {
        rented.ForEach(array => ArrayPool<byte>.Shared.Return(array));
        rented.Clear();
    }
}
