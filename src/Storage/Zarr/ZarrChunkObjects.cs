using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Tiling;

namespace Upweave.Storage.Zarr;

/// <summary>Chunks that are an object each.</summary>
internal sealed class ZarrChunkObjects(IObjectStore store, string path, ZarrArray array, ZarrIdentity identity)
    : ZarrObjects(store, path, array, identity)
{
    public override long KeptBytes => 0;

    public override long OverheadBytes => 0;

    public override string NameOf(Dims origin) => PathOf(origin);

    public override async ValueTask<ObjectSource?> FindAsync(Dims origin, CancellationToken cancellationToken)
    {
        if (await Store.StatAsync(PathOf(origin), cancellationToken) is not { } info)
            return null;
        Check(info);
        return new ObjectSource(Store, info);
    }

    public override async ValueTask<int?> ReadAsync(Dims origin, Memory<byte> stored, CancellationToken cancellationToken)
    {
        if (await Store.ReadAllAsync(PathOf(origin), stored, cancellationToken) is not { } info)
            return null;
        Check(info);
        return (int)info.Length;
    }

    private void Check(ObjectInfo info)
    {
        CheckTime(info);
        CheckLength(info.Length, info.Path);
    }
}
