using System.Buffers;
using Upweave.Tiling;

namespace Upweave.Storage.Arrays;

/// <summary>
/// Reads boxes of an array that lies in one run of bytes in C order. What is contiguous is read straight into the
/// destination; rows that lie near each other are read together, with the gaps, and picked out; the rest row by row.
/// </summary>
internal sealed class LinearBoxReader
{
    /// <summary>The most bytes read together with their gaps, and so the scratch memory of one read.</summary>
    public const int ScratchBytes = 1 << 20;

    /// <summary>
    /// A gap that costs less than a read of its own. On a local disk a read costs about 10 us, which is 30 KB of bandwidth.
    /// </summary>
    private const int GapBytesMax = 32 << 10;

    private readonly IByteSource source;
    private readonly long start;
    private readonly int elementBytes;
    private readonly long[] strides;

    /// <param name="start">Where the array's first element lies in the source.</param>
    public LinearBoxReader(IByteSource source, long start, Dims shape, int elementBytes)
    {
        this.source = source;
        this.start = start;
        this.elementBytes = elementBytes;
        strides = StridedCopy.Strides(shape);
    }

    /// <summary>Reads a box into exactly its bytes, in the order in which they are stored.</summary>
    public ValueTask ReadAsync(Box box, Memory<byte> destination, CancellationToken cancellationToken)
    {
        long offset = start;
        for (int axis = 0; axis < box.Rank; axis++)
        {
            offset += box.Origin[axis] * strides[axis] * elementBytes;
        }

        return ReadAsync(box.Shape, 0, offset, destination, cancellationToken);
    }

    /// <summary>Reads the axes from <paramref name="axis"/> on, whose first element lies at <paramref name="offset"/>.</summary>
    private async ValueTask ReadAsync(
        Dims shape, int axis, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (Span(shape, axis) == destination.Length)
        {
            await source.ReadAsync(offset, destination, cancellationToken);
            return;
        }

        long rowSpan = Span(shape, axis + 1);
        long pitch = strides[axis] * elementBytes;
        int rowBytes = (int)(destination.Length / shape[axis]);
        long together = pitch - rowBytes <= GapBytesMax && rowSpan <= ScratchBytes
            ? 1 + ((ScratchBytes - rowSpan) / pitch)
            : 1;
        for (long row = 0; row < shape[axis];)
        {
            int count = (int)Math.Min(together, shape[axis] - row);
            Memory<byte> rows = destination.Slice((int)(row * rowBytes), count * rowBytes);
            if (count > 1)
                await ReadTogetherAsync(shape, axis, count, offset + (row * pitch), rows, cancellationToken);
            else
                await ReadAsync(shape, axis + 1, offset + (row * pitch), rows, cancellationToken);
            row += count;
        }
    }

    private async ValueTask ReadTogetherAsync(
        Dims shape, int axis, int count, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        Dims rows = Dims.Create([count, .. shape.AsSpan()[(axis + 1)..]]);
        int bytes = (int)(((count - 1) * strides[axis] * elementBytes) + Span(shape, axis + 1));
        byte[] scratch = ArrayPool<byte>.Shared.Rent(bytes);
        try
        {
            await source.ReadAsync(offset, scratch.AsMemory(0, bytes), cancellationToken);
            StridedCopy.Copy(
                rows.AsSpan(), scratch.AsSpan(0, bytes), strides.AsSpan(axis), destination.Span, StridedCopy.Strides(rows), elementBytes);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    /// <summary>Bytes from the first element of a box to its last, over the axes from <paramref name="axis"/> on.</summary>
    private long Span(Dims shape, int axis)
    {
        long elements = 1;
        for (int inner = axis; inner < shape.Count; inner++)
        {
            elements += (shape[inner] - 1) * strides[inner];
        }

        return elements * elementBytes;
    }
}
