namespace Upweave.Storage.Zarr;

/// <summary>What holds for the metadata of every zarr v3.</summary>
internal static class ZarrMetadata
{
    /// <summary>The name of the metadata object.</summary>
    public const string Key = "zarr.json";

    /// <summary>The largest decoded chunk that is handled, in bytes: a reader holds a few of them.</summary>
    public const long ChunkBytesMax = 1 << 30;
}
