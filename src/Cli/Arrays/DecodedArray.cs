using Upweave.Storage.Arrays;
using Upweave.Storage.Sequential;
using Upweave.Storage.Stores;
using Upweave.Tiling;

namespace Upweave.Cli.Arrays;

/// <summary>
/// A picture or a volume compressed as a whole, decoded into a folder: its elements are read there, the rest is as its file says.
/// </summary>
internal sealed class DecodedArray(IArrayReader scratch, ArrayInfo info) : IArrayReader
{
    public ArrayInfo Info { get; } = info with { Chunk = scratch.Info.Chunk };

    public string Identity => scratch.Identity;

    /// <param name="folder">Where the elements go; it is the caller's to remove.</param>
    public static async Task<DecodedArray> OpenAsync(StoreLocation file, string folder, CancellationToken cancellationToken)
    {
        SequentialHeader header = await SequentialFiles.ReadHeaderAsync(file, cancellationToken);
        ArrayInfo info = header.Info;
        StoreLocation target = new PlainPathCatalog().Resolve(Path.Combine(folder, "decoded.zarr"));
        IArrayWriter writer = ArrayWriters.Create(target.Store, SequentialFiles.ScratchLayout(
            file.Path, info.Shape, info.Type, info.Axes!, target.Path, owner: Guid.NewGuid().ToString("N")));
        await SequentialFiles.IngestAsync(file, header.Identity, writer, progress: null, cancellationToken);
        await writer.CommitAsync(WriteCondition.Always, cancellationToken);
        return new DecodedArray(await ArrayReaders.OpenAsync(target, identity: null, cancellationToken), info);
    }

    public ValueTask ReadAsync(Box box, Memory<byte> destination, CancellationToken cancellationToken) =>
        scratch.ReadAsync(box, destination, cancellationToken);

    public long ReadOverheadBytes(Dims boxShape) => scratch.ReadOverheadBytes(boxShape);

    public ValueTask DisposeAsync() => scratch.DisposeAsync();
}
