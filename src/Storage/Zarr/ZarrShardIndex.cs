using Upweave.Storage.Stores;

namespace Upweave.Storage.Zarr;

/// <summary>The index of a shard, checked.</summary>
/// <param name="Shard">The object as it was when the index was read: chunks are read of that and no other.</param>
/// <param name="Entries">Offset and length of each inner chunk, 8 bytes each, little-endian.</param>
internal sealed record ZarrShardIndex(ObjectInfo Shard, byte[] Entries);
