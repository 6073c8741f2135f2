namespace Upweave.Storage.Arrays;

/// <summary>How chunks of an output are compressed.</summary>
public enum Compression
{
    None,

    /// <summary>Zstandard, RFC 8878.</summary>
    Zstd,

    /// <summary>RFC 1951: in zarr as gzip, in TIFF as zlib.</summary>
    Deflate,
}
