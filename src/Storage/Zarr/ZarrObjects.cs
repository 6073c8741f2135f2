using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Tiling;

namespace Upweave.Storage.Zarr;

/// <summary>Finds the stored bytes of an array's chunks, and sees that they are those of the time of planning.</summary>
internal abstract class ZarrObjects(IObjectStore store, string path, ZarrArray array, ZarrIdentity identity)
{
    protected IObjectStore Store => store;

    protected ZarrArray Array => array;

    /// <summary>The most bytes kept from one read to the next.</summary>
    public abstract long KeptBytes { get; }

    /// <summary>The most bytes held to find a chunk.</summary>
    public abstract long OverheadBytes { get; }

    /// <summary>Names a chunk in messages.</summary>
    /// <param name="origin">Its first element, in the array.</param>
    public abstract string NameOf(Dims origin);

    /// <summary>Where a plain chunk is stored; null when it is not.</summary>
    public abstract ValueTask<ObjectSource?> FindAsync(Dims origin, CancellationToken cancellationToken);

    /// <summary>Reads a chunk as it is stored.</summary>
    /// <param name="stored">At least <see cref="ZarrChain.StoredBytesMax"/>.</param>
    /// <returns>Bytes read; null when it is not stored.</returns>
    public abstract ValueTask<int?> ReadAsync(Dims origin, Memory<byte> stored, CancellationToken cancellationToken);

    /// <summary>The object that holds an element.</summary>
    protected string PathOf(Dims origin) =>
        $"{path}/{array.Keys.Of(Dims.Build(origin.Count, axis => origin[axis] / array.ObjectShape[axis]))}";

    /// <exception cref="ObjectChangedException">It was written after the job was planned.</exception>
    protected void CheckTime(ObjectInfo info)
    {
        if (info.LastModified > identity.PlannedAt)
            throw new ObjectChangedException($"'{info.Path}' has been written since the job was planned.");
    }

    /// <exception cref="CorruptDataException">So many bytes cannot be a chunk of this array.</exception>
    protected void CheckLength(long length, string name)
    {
        bool fits = array.Chain.IsPlain ? length == array.Chain.ChunkBytes : length <= array.Chain.StoredBytesMax;
        if (!fits)
            throw ZarrChain.WrongSize(name, array.Chain.ChunkBytes, $"{length} stored");
    }
}
