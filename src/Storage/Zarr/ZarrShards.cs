using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Tiling;

namespace Upweave.Storage.Zarr;

/// <summary>
/// Inner chunks of shards. A shard's index is read once while it stays cached, and each chunk by a range read of its own, on condition
/// that the shard is still the object whose index that was.
/// </summary>
internal sealed class ZarrShards(IObjectStore store, string path, ZarrArray array, ZarrIdentity identity, ZarrSharding sharding)
    : ZarrObjects(store, path, array, identity)
{
    /// <summary>Indexes kept for the next chunk, in bytes: at least one of every size that is handled.</summary>
    private const long CacheBytes = 2 * ZarrSharding.IndexBytesMax;

    private readonly TileGrid shards = new(array.Shape, sharding.Shape);
    private readonly ChunkCache<ZarrShardIndex> indexes = new(CacheBytes, index => index.Entries.Length);

    public override long KeptBytes => IndexesKeptBytes(shards.Count, sharding.IndexBytes);

    /// <summary>The most bytes that are kept of the indexes of so many shards.</summary>
    public static long IndexesKeptBytes(long shards, long indexBytes) => ChunkCache.KeptBytes(CacheBytes, shards, indexBytes);

    public override long OverheadBytes => sharding.IndexBytes;

    public override string NameOf(Dims origin) => NameOf(PathOf(origin), origin);

    public override async ValueTask<ObjectSource?> FindAsync(Dims origin, CancellationToken cancellationToken)
    {
        long shard = shards.IndexOf(origin);
        ZarrShardIndex? index = await indexes.GetAsync(shard, given => LoadAsync(PathOf(origin), given), cancellationToken);
        if (index is null)
            return null;
        string name = NameOf(index.Shard.Path, origin);
        Dims inside = Dims.Build(origin.Count, axis => origin[axis] % sharding.Shape[axis]);
        if (sharding.Find(index, sharding.PlaceOf(inside), name) is not { } place)
            return null;
        CheckLength(place.Length, name);
        return new ObjectSource(Store, index.Shard, place.Offset, place.Length);
    }

    public override async ValueTask<int?> ReadAsync(Dims origin, Memory<byte> stored, CancellationToken cancellationToken)
    {
        if (await FindAsync(origin, cancellationToken) is not { } chunk)
            return null;
        await chunk.ReadAsync(0, stored[..(int)chunk.Length], cancellationToken);
        return (int)chunk.Length;
    }

    private string NameOf(string shard, Dims origin) =>
        $"{shard} (chunk {Dims.Build(origin.Count, axis => origin[axis] % sharding.Shape[axis] / sharding.Chunk[axis])})";

    private async Task<ZarrShardIndex?> LoadAsync(string name, CancellationToken cancellationToken)
    {
        if (await Store.StatAsync(name, cancellationToken) is not { } info)
            return null;
        CheckTime(info);
        if (info.Length < sharding.IndexBytes)
            throw new CorruptDataException($"The shard '{name}' has {info.Length} bytes; its index alone has {sharding.IndexBytes}.");
        byte[] stored = new byte[sharding.IndexBytes];
        long start = sharding.IndexAtStart ? 0 : info.Length - stored.Length;
        await Store.ReadAsync(name, start, stored, info.ETag, cancellationToken);
        return sharding.Parse(stored, info);
    }
}
