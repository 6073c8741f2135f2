namespace Upweave.Storage.Zarr;

/// <summary>What holds for the metadata of every zarr.</summary>
internal static class ZarrMetadata
{
    /// <summary>The name of the metadata object.</summary>
    public const string Key = "zarr.json";

    /// <summary>Whether an object is one that makes its folder an array or a group, of any version, or belongs to it.</summary>
    public static bool IsOne(string path) => path[(path.LastIndexOf('/') + 1)..] is Key or ".zarray" or ".zgroup" or ".zattrs";

    /// <summary>The largest decoded chunk that is handled, in bytes: a reader holds a few of them.</summary>
    public const long ChunkBytesMax = 1 << 30;
}
