using System.Buffers;
using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Storage.Npy;

/// <summary>
/// Reads boxes of an .npy. An array in Fortran order is one in C order with its axes reversed: boxes are read along
/// their own contiguous axis, a slab at a time, and transposed into place.
/// </summary>
internal sealed class NpyReader : IArrayReader
{
    /// <summary>A slab of a Fortran-order box, before it is transposed.</summary>
    private const int SlabBytes = 4 << 20;

    private readonly NpyHeader header;
    private readonly LinearBoxReader stored;
    private readonly int elementBytes;

    public NpyReader(IByteSource source, NpyHeader header, string format, string identity)
    {
        this.header = header;
        elementBytes = header.Type.Size();
        Dims shape = header.FortranOrder ? Reverse(header.Shape) : header.Shape;
        stored = new LinearBoxReader(source, header.DataOffset, shape, elementBytes);
        Identity = identity;
        Info = new ArrayInfo
        {
            Format = format,
            Shape = header.Shape,
            Type = header.Type,
            FortranOrder = header.FortranOrder,
            Codecs = header.BigEndian ? ["big-endian"] : [],
        };
    }

    public ArrayInfo Info { get; }

    public string Identity { get; }

    public bool StoredBigEndian => header.BigEndian;

    public async ValueTask ReadAsync(Box box, Memory<byte> destination, CancellationToken cancellationToken)
    {
        await ReadStoredAsync(box, destination, cancellationToken);
        if (header.BigEndian)
            ByteOrder.Reverse(destination.Span, elementBytes);
    }

    public ValueTask ReadStoredAsync(Box box, Memory<byte> destination, CancellationToken cancellationToken)
    {
        BoxCheck.Throw(Info, box, destination.Length);
        return header.FortranOrder
            ? ReadTransposedAsync(box, destination, cancellationToken)
            : stored.ReadAsync(box, destination, cancellationToken);
    }

    public long ReadOverheadBytes(Dims boxShape) =>
        LinearBoxReader.ScratchBytes + (header.FortranOrder ? PooledBytes.Of(Math.Min(SlabBytes, boxShape.Volume * elementBytes)) : 0);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async ValueTask ReadTransposedAsync(Box box, Memory<byte> destination, CancellationToken cancellationToken)
    {
        Dims shape = Reverse(box.Shape);
        Dims origin = Reverse(box.Origin);
        TileGrid slabs = new(shape, SlabShape(shape));
        long[] strides = StridedCopy.Strides(box.Shape);
        Array.Reverse(strides);
        byte[] scratch = ArrayPool<byte>.Shared.Rent((int)(slabs.Tile.Volume * elementBytes));
        try
        {
            for (long index = 0; index < slabs.Count; index++)
            {
                Box slab = slabs[index];
                Memory<byte> elements = scratch.AsMemory(0, (int)(slab.Volume * elementBytes));
                await stored.ReadAsync(slab.Translate(origin), elements, cancellationToken);
                long start = Enumerable.Range(0, slab.Rank).Sum(axis => slab.Origin[axis] * strides[axis]);
                StridedCopy.Copy(
                    slab.Shape.AsSpan(),
                    elements.Span,
                    StridedCopy.Strides(slab.Shape),
                    destination.Span[(int)(start * elementBytes)..],
                    strides,
                    elementBytes);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    /// <summary>Whole along the inner axes as far as the slab allows.</summary>
    private Dims SlabShape(Dims shape)
    {
        long[] slab = new long[shape.Count];
        long elements = SlabBytes / elementBytes;
        for (int axis = shape.Count - 1; axis >= 0; axis--)
        {
            slab[axis] = Math.Clamp(elements, 1, shape[axis]);
            elements /= slab[axis];
        }

        return Dims.Create(slab);
    }

    private static Dims Reverse(Dims dims) => Dims.Build(dims.Count, axis => dims[dims.Count - 1 - axis]);
}
