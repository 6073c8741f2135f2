using Upweave.Storage;
using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Cli.Arrays;

/// <summary>An array that the program made itself, for those who read arrays.</summary>
internal sealed class MemoryArray : IArrayReader
{
    private readonly byte[] elements;

    /// <param name="elements">Little-endian, C order, exactly the array's bytes.</param>
    public MemoryArray(Dims shape, ElementType type, string axes, byte[] elements)
    {
        Info = new ArrayInfo { Format = "memory", Shape = shape, Type = type, Axes = axes };
        ArgumentOutOfRangeException.ThrowIfNotEqual(elements.LongLength, Info.ByteCount, nameof(elements));
        this.elements = elements;
    }

    public ArrayInfo Info { get; }

    public string Identity => "memory";

    public ValueTask ReadAsync(Box box, Memory<byte> destination, CancellationToken cancellationToken)
    {
        int rowBytes = checked((int)box.Shape[^1] * Info.Type.Size());
        TileGrid rows = new(box.Shape, Dims.Build(box.Rank, axis => axis == box.Rank - 1 ? box.Shape[axis] : 1));
        for (long row = 0; row < rows.Count; row++)
        {
            long offset = Offset(rows[row].Translate(box.Origin).Origin);
            elements.AsSpan((int)offset, rowBytes).CopyTo(destination.Span[(int)(row * rowBytes)..]);
        }

        return ValueTask.CompletedTask;
    }

    public long ReadOverheadBytes(Dims boxShape) => 0;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private long Offset(Dims element)
    {
        long index = 0;
        for (int axis = 0; axis < element.Count; axis++)
        {
            index = (index * Info.Shape[axis]) + element[axis];
        }

        return index * Info.Type.Size();
    }
}
