using Upweave.Storage.Stores;
using Upweave.Tiling;

namespace Upweave.Storage.Arrays;

/// <summary>
/// Writes a file of one run of elements behind a header as a staged file. Block 0 is the header, staged at commit; each contiguous run
/// of a tile is a block. A tile of full-width rows has one run for each channel of each batch item, so blocks are few and large.
/// </summary>
internal sealed class LinearWriter : IArrayWriter
{
    private readonly IStagedFile file;
    private readonly LinearFormat format;
    private readonly TileGrid tiles;
    private readonly ContiguousRuns runs;
    private readonly int elementBytes;

    /// <summary>The runs of a whole tile; one cut off at the edge has no more.</summary>
    private readonly int runsPerTile;

    /// <exception cref="ArgumentException">The tiles make more blocks than an object can have, or a block too large
    /// for one write, or their elements are stored in another order.</exception>
    public LinearWriter(IStagedFile file, OutputLayout layout, LinearFormat format)
    {
        this.file = file;
        this.format = format;
        Layout = layout;
        tiles = layout.Tiles();
        if (!format.KeepsOrder(tiles.Tile))
            throw new ArgumentException($"Tiles {tiles.Tile} have elements in another order than the file.", nameof(layout));
        runs = new ContiguousRuns(format.Stored(layout.Shape));
        elementBytes = layout.Type.Size();
        Box first = Box.Whole(format.Stored(tiles.Tile));
        if (runs.Length(first) > int.MaxValue / elementBytes)
            throw new ArgumentException($"A tile {tiles.Tile} has runs of more than 2 GiB.", nameof(layout));
        long blocks = checked(1 + (tiles.Count * runs.Count(first)));
        if (blocks > StagedBlocks.CountMax)
        {
            throw new ArgumentException(
                $"Tiles {tiles.Tile} of {layout.Shape} make {blocks} blocks; at most {StagedBlocks.CountMax} make one file.",
                nameof(layout));
        }

        runsPerTile = (int)runs.Count(first);
    }

    public OutputLayout Layout { get; }

    public EncodedTile Encode(long tile, ReadOnlyMemory<byte> elements)
    {
        Box box = tiles[tile];
        if (elements.Length != box.Volume * elementBytes)
            throw new ArgumentException($"Tile {tile} is {box} and does not have {elements.Length} bytes.", nameof(elements));
        List<EncodedPart> parts = [];
        int start = 0;
        foreach (StagedBlock block in Blocks(tile))
        {
            parts.Add(new EncodedPart("", block, elements.Slice(start, block.Length)));
            start += block.Length;
        }

        return new EncodedTile(tile, parts);
    }

    public ValueTask<bool> PrepareAsync(WriteCondition condition, CancellationToken cancellationToken) =>
        file.PrepareAsync(condition, cancellationToken);

    public async ValueTask WriteAsync(EncodedTile tile, CancellationToken cancellationToken)
    {
        ParallelOptions options = new() { MaxDegreeOfParallelism = ArrayWriters.PartsAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            tile.Parts, options, (part, cancelled) => file.StageAsync(part.Block, part.Content, cancelled));
    }

    public async ValueTask FindDoneAsync(TileSet done, CancellationToken cancellationToken)
    {
        HashSet<StagedBlock> stored = [.. await file.ListAsync(cancellationToken)];
        for (long tile = 0; tile < tiles.Count; tile++)
        {
            if (Blocks(tile).All(stored.Contains))
                done.Add(tile);
        }
    }

    public async ValueTask<bool> CommitAsync(WriteCondition condition, CancellationToken cancellationToken)
    {
        // A header staged once more beside a published file would be a block that nothing removes.
        if (await file.IsCommittedAsync(cancellationToken))
            return true;
        StagedBlock first = new(0, 0, format.Header.Length);
        await file.StageAsync(first, format.Header, cancellationToken);
        List<StagedBlock> blocks = [first];
        for (long tile = 0; tile < tiles.Count; tile++)
        {
            blocks.AddRange(Blocks(tile));
        }

        blocks.Sort((left, right) => left.Offset.CompareTo(right.Offset));
        return await file.CommitAsync(blocks, condition, cancellationToken);
    }

    public ValueTask<bool> IsCommittedAsync(CancellationToken cancellationToken) => file.IsCommittedAsync(cancellationToken);

    public ValueTask DiscardAsync(CancellationToken cancellationToken) => file.DiscardAsync(cancellationToken);

    /// <summary>The blocks of a tile, in the order of its elements.</summary>
    private IEnumerable<StagedBlock> Blocks(long tile)
    {
        Box box = format.Stored(tiles[tile]);
        int length = (int)runs.Length(box) * elementBytes;
        int run = 0;
        foreach (long start in runs.Starts(box))
        {
            yield return new StagedBlock(
                1 + (int)((tile * runsPerTile) + run++), format.Header.Length + (start * elementBytes), length);
        }
    }
}
