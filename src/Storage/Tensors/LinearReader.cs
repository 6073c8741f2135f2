using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Storage.Tensors;

/// <summary>Reads boxes of a little-endian array that lies in one run of bytes in C order.</summary>
internal sealed class LinearReader : IArrayReader
{
    private readonly LinearBoxReader stored;

    public LinearReader(IByteSource source, ArrayInfo info, string identity)
    {
        stored = new LinearBoxReader(source, 0, info.Shape, info.Type.Size());
        Info = info;
        Identity = identity;
    }

    public ArrayInfo Info { get; }

    public string Identity { get; }

    public ValueTask ReadAsync(Box box, Memory<byte> destination, CancellationToken cancellationToken)
    {
        BoxCheck.Throw(Info, box, destination.Length);
        return stored.ReadAsync(box, destination, cancellationToken);
    }

    public long ReadOverheadBytes(Dims boxShape) => 2 * LinearBoxReader.ScratchBytes;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
