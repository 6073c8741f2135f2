namespace Upweave.Storage.Tiff;

/// <summary>Ways in which tiles and strips are compressed, by TIFF's numbers.</summary>
internal enum TiffCompression
{
    None = 1,
    Lzw = 5,
    Jpeg = 7,

    /// <summary>zlib's format; 32946 means the same.</summary>
    Deflate = 8,
    PackBits = 32773,
    Zstd = 50000,
}
