using System.Buffers;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Tiling;

namespace Upweave.Storage.Tiff;

/// <summary>
/// Writes a TIFF or an OME-TIFF as a staged file of floating blocks: a tile is whole TIFF tiles, compressed, several to a block. Header and
/// directories are made from the ledger when the file is published.
/// </summary>
internal sealed class TiffWriter : IArrayWriter
{
    /// <summary>
    /// Compressed blocks. They are rented by threads that compute and returned by whichever thread the store answered on; the shared
    /// pool would keep some for each of those. An array larger than the pool's is allocated.
    /// </summary>
    private static readonly ArrayPool<byte> BlockPool = ArrayPool<byte>.Create(maxArrayLength: 16 << 20, maxArraysPerBucket: 16);

    private readonly IStagedFile file;
    private readonly TiffShape shape;
    private readonly TiffBlocks blocks;
    private readonly TiffTileEncoder encoder;

    /// <exception cref="ArgumentException">Tiles are not whole TIFF tiles, or make more blocks than an object can have.</exception>
    /// <exception cref="InvalidArrayException">The array cannot be such a file.</exception>
    public TiffWriter(IStagedFile file, OutputLayout layout)
    {
        TiffRules.Require(layout.Path, layout.Shape, TiffShape.AxesOf(layout), layout.Type, layout.Format == OutputFormat.OmeTiff);
        this.file = file;
        Layout = layout;
        shape = TiffShape.Of(layout);
        blocks = new TiffBlocks(shape, layout);
        encoder = new TiffTileEncoder(shape, TiffTags.CompressionOf(layout), layout.CompressionLevel);
    }

    public OutputLayout Layout { get; }

    /// <summary>See <see cref="ArrayWriters.EncodedBytesMax"/>: every block, and one TIFF tile before it is compressed.</summary>
    public static long EncodedBytesMax(OutputLayout layout)
    {
        TiffShape shape = TiffShape.Of(layout);
        long tiles = shape.Count(TiffShape.Whole(layout.Tiles()[0], TiffShape.AxesOf(layout)));
        long blocks = IntegerMath.CeilDiv(tiles, TiffBlocks.TilesMax);
        long blockBytes = IntegerMath.CeilDiv(tiles, blocks) * TiffTileEncoder.BytesMax(shape.TileBytes);
        return checked((blocks * PooledBytes.Of(blockBytes)) + PooledBytes.Of(shape.TileBytes));
    }

    public EncodedTile Encode(long tile, ReadOnlyMemory<byte> elements)
    {
        Box box = blocks.BoxOf(tile);
        if (elements.Length != box.Volume * shape.Type.Size())
            throw new ArgumentException($"Tile {tile} is {box} and does not have {elements.Length} bytes.", nameof(elements));
        List<EncodedPart> parts = [];
        List<byte[]> rented = [];
        byte[] raw = ArrayPool<byte>.Shared.Rent(shape.TileBytes);
        try
        {
            foreach ((int index, List<(long, Box)> within) in blocks.Of(tile))
            {
                byte[] content = BlockPool.Rent(within.Count * TiffTileEncoder.BytesMax(shape.TileBytes));
                rented.Add(content);
                int length = 0;
                List<int> sizes = [];
                foreach ((_, Box part) in within)
                {
                    ArraySegment<byte> room = new(content, length, content.Length - length);
                    sizes.Add(encoder.Encode(part, box, elements.Span, raw.AsSpan(0, shape.TileBytes), room));
                    length += sizes[^1];
                }

                parts.Add(new EncodedPart("", default, content.AsMemory(0, length))
                {
                    Floating = new FloatingBlock(index, length, TiffBlocks.Note(sizes)),
                });
            }
        }
        catch
        {
            Return(rented);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(raw);
        }

        return new EncodedTile(tile, parts, () => Return(rented));
    }

    public ValueTask<bool> PrepareAsync(WriteCondition condition, CancellationToken cancellationToken) =>
        file.PrepareAsync(condition, cancellationToken);

    public async ValueTask WriteAsync(EncodedTile tile, CancellationToken cancellationToken)
    {
        ParallelOptions options = new() { MaxDegreeOfParallelism = ArrayWriters.PartsAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            tile.Parts, options, (part, cancelled) => file.StageFloatingAsync(part.Floating, part.Content, cancelled));
    }

    public async ValueTask FindDoneAsync(TileSet done, CancellationToken cancellationToken)
    {
        Dictionary<int, FloatingBlock> stored =
            (await file.ListFloatingAsync(cancellationToken)).ToDictionary(block => block.Index);
        for (long tile = 0; tile < blocks.Tiles; tile++)
        {
            bool isDone = blocks.Of(tile).All(block =>
                stored.TryGetValue(block.Index, out FloatingBlock found) && TiffBlocks.Sizes(found, block.Tiles.Count) is not null);
            if (isDone)
                done.Add(tile);
        }
    }

    public async ValueTask<bool> CommitAsync(WriteCondition condition, CancellationToken cancellationToken)
    {
        TiffFrame frame = new(shape, blocks, new TiffTags(shape, Layout), Layout.Path);
        return await file.CommitFloatingAsync(frame, condition, cancellationToken);
    }

    public ValueTask<bool> IsCommittedAsync(CancellationToken cancellationToken) => file.IsCommittedAsync(cancellationToken);

    public ValueTask DiscardAsync(CancellationToken cancellationToken) => file.DiscardAsync(cancellationToken);

    private static void Return(List<byte[]> rented)
    {
        rented.ForEach(array => BlockPool.Return(array));
        rented.Clear();
    }
}
