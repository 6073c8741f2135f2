using System.Buffers;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Tiling;

namespace Upweave.Storage.Zarr;

/// <summary>
/// Writes a zarr v3 array as a staged tree: a tile is one shard, or whole chunks, one part each, padded with 0 beyond the array.
/// Shards and chunks full of 0 are written too, since a tile is done when its parts are there.
/// </summary>
internal sealed class ZarrWriter : IArrayWriter
{
    private readonly IStagedTree tree;
    private readonly ZarrMetadata metadata;
    private readonly TileGrid tiles;
    private readonly TileGrid parts;
    private readonly ZarrShardLayout? shard;
    private readonly string folder;
    private readonly int elementBytes;

    /// <exception cref="ArgumentException">Tiles are not whole chunks, or chunks are too large.</exception>
    public ZarrWriter(IStagedTree tree, OutputLayout layout)
    {
        this.tree = tree;
        Layout = layout;
        tiles = layout.Tiles();
        shard = layout.IsSharded ? ZarrShardLayout.Of(tiles.Tile, layout.Chunk) : null;
        parts = new TileGrid(layout.Shape, shard?.Shape ?? layout.Chunk);
        elementBytes = layout.Type.Size();
        bool isOme = layout.Format == OutputFormat.OmeZarr;
        folder = isOme ? $"{OmeMetadata.FullResolution}/" : "";
        for (int axis = 0; axis < layout.Shape.Count; axis++)
        {
            if (tiles.Tile[axis] % layout.Chunk[axis] != 0 && tiles.Tile[axis] != layout.Shape[axis])
                throw new ArgumentException($"Tiles {layout.Tile} are not whole chunks {layout.Chunk} on axis {axis}.", nameof(layout));
        }

        if (checked(layout.Chunk.Volume * elementBytes) > ZarrMetadata.ChunkBytesMax)
            throw new ArgumentException($"Chunks {layout.Chunk} have more than {ZarrMetadata.ChunkBytesMax} bytes.", nameof(layout));
        metadata = new ZarrMetadata
        {
            Shape = layout.Shape,
            Type = layout.Type,
            Chunk = layout.Chunk,
            Keys = new ZarrChunkKeys(IsDefault: true, '/'),
            Codecs = new ZarrCodecs(layout.Compress ? ZarrCompression.Zstd : ZarrCompression.None),
            Fill = new byte[elementBytes],
            DimensionNames = isOme
                ? OmeMetadata.AxisNames(layout.Axes ?? throw new ArgumentException("An OME-Zarr has named axes.", nameof(layout)))
                : layout.Axes?.Select(letter => letter.ToString()).ToList(),
        };
    }

    public OutputLayout Layout { get; }

    /// <summary>
    /// See <see cref="ArrayWriters.EncodedBytesMax"/>: every chunk or the shard as it is stored, and one chunk before that.
    /// </summary>
    public static long EncodedBytesMax(OutputLayout layout)
    {
        (Dims tile, Dims chunk, int elementBytes, bool compress) = (layout.Tile, layout.Chunk, layout.Type.Size(), layout.Compress);
        long chunkBytes = checked(chunk.Volume * elementBytes);
        if (layout.IsSharded)
        {
            ZarrShardLayout shard = ZarrShardLayout.Of(tile, chunk);
            return checked(PooledBytes.Of(ZarrShardEncoder.BytesMax(shard, elementBytes)) + PooledBytes.Of(chunkBytes) + shard.IndexBytes);
        }

        long count = Dims.Build(tile.Count, axis => IntegerMath.CeilDiv(tile[axis], chunk[axis])).Volume;
        long gathered = tile == chunk ? 0 : PooledBytes.Of(chunkBytes);
        return compress
            ? checked((count * PooledBytes.Of(ZstdPool.CompressedBytesMax(chunkBytes))) + gathered)
            : checked(count * gathered);
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
            if (key.StartsWith(folder, StringComparison.Ordinal) && metadata.Keys.Parse(key[folder.Length..], parts.Counts) is { } index)
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
        byte[] array = ZarrMetadataWriter.Write(metadata, shard, Layout);
        if (Layout.Format == OutputFormat.Zarr)
            return await tree.CommitAsync(array, condition, cancellationToken);
        await tree.WriteAsync(folder + ZarrMetadata.Key, array, cancellationToken);
        return await tree.CommitAsync(ZarrMetadataWriter.WriteGroup(Layout), condition, cancellationToken);
    }

    public ValueTask<bool> IsCommittedAsync(CancellationToken cancellationToken) => tree.IsCommittedAsync(cancellationToken);

    public ValueTask DiscardAsync(CancellationToken cancellationToken) => tree.DiscardAsync(cancellationToken);

    private string KeyOf(long part)
    {
        Dims origin = parts[part].Origin;
        return folder + metadata.Keys.Of(Dims.Build(origin.Count, axis => origin[axis] / parts.Tile[axis]));
    }

    private ReadOnlyMemory<byte> EncodeShard(ZarrShardLayout layout, Box box, ReadOnlySpan<byte> elements, List<byte[]> rented)
    {
        byte[] stored = Rent(checked((int)ZarrShardEncoder.BytesMax(layout, elementBytes)), rented);
        int length = new ZarrShardEncoder(layout, elementBytes, Layout.Compress).Encode(box, elements, stored);
        return stored.AsMemory(0, length);
    }

    /// <summary>The stored bytes of one chunk; what they lie in is the tile's or added to <paramref name="rented"/>.</summary>
    private ReadOnlyMemory<byte> EncodeChunk(long chunk, Box box, ReadOnlyMemory<byte> elements, List<byte[]> rented)
    {
        Box full = new(parts[chunk].Origin, metadata.Chunk);
        if (metadata.Codecs.Compression == ZarrCompression.None)
            return full == box ? elements : Gather(full, box, elements.Span, Rent(metadata.ChunkBytes, rented));
        byte[] compressed = Rent(ZstdPool.CompressedBytesMax(metadata.ChunkBytes), rented);
        if (full == box)
            return compressed.AsMemory(0, ZstdPool.Compress(elements.Span, compressed));
        byte[] raw = ArrayPool<byte>.Shared.Rent(metadata.ChunkBytes);
        try
        {
            int length = ZstdPool.Compress(Gather(full, box, elements.Span, raw).Span, compressed);
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
        Memory<byte> chunk = destination.AsMemory(0, metadata.ChunkBytes);
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
