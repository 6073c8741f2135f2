using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Tiling;

namespace Upweave.Storage.Tests.Pictures;

/// <summary>An array in memory that is read by box and written by tile.</summary>
internal sealed class MemoryArray : IArrayReader, IArrayWriter
{
    public const string Failure = "the test's chunk is damaged";

    private readonly TileSet done;

    public MemoryArray(Dims shape, ElementType type, Dims tile, byte[]? content = null, string? axes = null)
    {
        Info = new ArrayInfo { Format = "memory", Shape = shape, Type = type, Chunk = tile, Axes = axes };
        Layout = new OutputLayout
        {
            Format = OutputFormat.Zarr, Path = "scratch", Owner = "test", Shape = shape, Type = type, Tile = tile, Chunk = tile,
        };
        Content = content ?? new byte[Info.ByteCount];
        Assert.Equal(Info.ByteCount, Content.Length);
        done = new TileSet(Layout.Tiles().Count);
    }

    public byte[] Content { get; }

    public ArrayInfo Info { get; }

    public OutputLayout Layout { get; }

    public string Identity => "memory";

    /// <summary>Reading this row, or one below it, fails.</summary>
    public long FailFromRow { get; set; } = long.MaxValue;

    /// <summary>Tiles written so far, and those a test calls done.</summary>
    public TileSet Done => done;

    public ValueTask ReadAsync(Box box, Memory<byte> destination, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (box.End(box.Rank - 2) > FailFromRow)
            throw new CorruptDataException(Failure);
        int at = 0;
        foreach ((int offset, int length) in Runs(box))
        {
            Content.AsSpan(offset, length).CopyTo(destination.Span[at..]);
            at += length;
        }

        Assert.Equal(destination.Length, at);
        return ValueTask.CompletedTask;
    }

    public long ReadOverheadBytes(Dims boxShape) => 0;

    public EncodedTile Encode(long tile, ReadOnlyMemory<byte> elements) => new(tile, [new EncodedPart("", default, elements)]);

    public ValueTask WriteAsync(EncodedTile tile, CancellationToken cancellationToken)
    {
        ReadOnlySpan<byte> elements = tile.Parts[0].Content.Span;
        foreach ((int offset, int length) in Runs(Layout.Tiles()[tile.Tile]))
        {
            elements[..length].CopyTo(Content.AsSpan(offset));
            elements = elements[length..];
        }

        Assert.True(elements.IsEmpty, "A tile has more elements than its box.");
        lock (done)
        {
            Assert.True(done.Add(tile.Tile), $"Tile {tile.Tile} was written twice.");
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> PrepareAsync(WriteCondition condition, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask FindDoneAsync(TileSet done, CancellationToken cancellationToken)
    {
        for (long tile = 0; tile < done.Size; tile++)
        {
            if (this.done.Contains(tile))
                done.Add(tile);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> CommitAsync(WriteCondition condition, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<bool> IsCommittedAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DiscardAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // The byte ranges of a box's lines along the last axis, in C order.
    private IEnumerable<(int Offset, int Length)> Runs(Box box)
    {
        TileGrid lines = new(box.Shape, Dims.Build(box.Rank, axis => axis == box.Rank - 1 ? box.Shape[axis] : 1));
        for (long line = 0; line < lines.Count; line++)
        {
            long index = 0;
            for (int axis = 0; axis < box.Rank; axis++)
            {
                index = (index * Info.Shape[axis]) + box.Origin[axis] + lines[line].Origin[axis];
            }

            yield return ((int)(index * Info.Type.Size()), (int)(box.Shape[^1] * Info.Type.Size()));
        }
    }
}
