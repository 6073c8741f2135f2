namespace Upweave.Storage.Zarr;

/// <summary>How a chunk's bytes are compressed when they are written.</summary>
internal enum ZarrCompression
{
    None,
    Zstd,
}

/// <summary>A chunk's codecs as they are written: elements to little-endian bytes, then compression or none.</summary>
internal sealed record ZarrCodecs(ZarrCompression Compression);
