using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Storage.Nifti;

/// <summary>Reads boxes of a NIfTI by range.</summary>
internal sealed class NiftiReader : IArrayReader
{
    private readonly NiftiHeader header;
    private readonly LinearBoxReader stored;
    private readonly int elementBytes;

    /// <param name="elements">From the first element on.</param>
    public NiftiReader(IByteSource elements, NiftiHeader header, string identity)
    {
        this.header = header;
        elementBytes = header.Type.Size();
        IByteSource source = header.Scaling is { } scaling
            ? new ScaledSource(elements, header.StoredType, header.BigEndian, scaling)
            : elements;
        stored = new LinearBoxReader(source, 0, header.StoredShape, elementBytes);
        Info = header.Describe();
        Identity = identity;
    }

    public ArrayInfo Info { get; }

    public string Identity { get; }

    public bool StoredBigEndian => header.BigEndian && header.Scaling is null && elementBytes > 1;

    public async ValueTask ReadAsync(Box box, Memory<byte> destination, CancellationToken cancellationToken)
    {
        await ReadStoredAsync(box, destination, cancellationToken);
        if (StoredBigEndian)
            ByteOrder.Reverse(destination.Span, elementBytes);
    }

    public ValueTask ReadStoredAsync(Box box, Memory<byte> destination, CancellationToken cancellationToken)
    {
        BoxCheck.Throw(Info, box, destination.Length);
        return header.IsSwapped
            ? ReadSwappedAsync(box, destination, cancellationToken)
            : stored.ReadAsync(box, destination, cancellationToken);
    }

    public long ReadOverheadBytes(Dims boxShape) => LinearBoxReader.ScratchBytes + PooledBytes.Of(ScaledSource.PieceBytes);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>One batch item at a time: its channels lie apart.</summary>
    private async ValueTask ReadSwappedAsync(Box box, Memory<byte> destination, CancellationToken cancellationToken)
    {
        Box inner = box.From(2);
        int bytes = destination.Length / (int)box.Shape[0];
        for (int item = 0; item < box.Shape[0]; item++)
        {
            Box part = new(
                Dims.Create([box.Origin[1], box.Origin[0] + item, .. inner.Origin]),
                Dims.Create([box.Shape[1], 1, .. inner.Shape]));
            await stored.ReadAsync(part, destination.Slice(item * bytes, bytes), cancellationToken);
        }
    }
}
