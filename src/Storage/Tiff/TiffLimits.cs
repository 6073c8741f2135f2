namespace Upweave.Storage.Tiff;

/// <summary>Bounds on what is read of a TIFF.</summary>
internal static class TiffLimits
{
    /// <summary>Tiles and strips of all pages; their places take 16 bytes each.</summary>
    public const long TilesMax = 8 << 20;

    /// <summary>Bytes of a decoded tile or strip: it is decoded whole.</summary>
    public const long TileBytesMax = 256 << 20;

    /// <summary>Bytes of ImageDescription: OME-XML of a large plate has some MB.</summary>
    public const long DescriptionBytesMax = 8 << 20;

    /// <summary>Bytes of the tables that JPEG tiles share; four tables of each kind have about 2 KB.</summary>
    public const long JpegTablesBytesMax = 64 << 10;

    /// <summary>Bytes of the JPEG tables of all pages.</summary>
    public const long AllJpegTablesBytesMax = 16 << 20;

    /// <summary>Channels of a page.</summary>
    public const int SamplesMax = 4096;

    /// <summary>
    /// The most bytes that a tile is taken to be stored in. The worst that an encoder makes of noise is 1.5 times (LZW); a JPEG has
    /// tables beside.
    /// </summary>
    public static long StoredBytesMax(long tileBytes) => checked((2 * tileBytes) + 4096);

    /// <summary>
    /// The most bytes that one stored byte can become: 1032 by deflate (RFC 1951: 258 for two bits); 64 by PackBits (128 for two bytes);
    /// 3840 for a code of nine bits or more by LZW, which has 3838 codes of its own and each a byte longer than one before it; a block of
    /// 128 KiB for four bytes by zstd (RFC 8878). JPEG has no such bound: what of it is missing is grey.
    /// </summary>
    public static long ExpansionMax(TiffCompression compression) => compression switch
    {
        TiffCompression.Deflate => 1032,
        TiffCompression.PackBits => 64,
        TiffCompression.Lzw => 3840,
        TiffCompression.Zstd => 32 << 10,
        _ => TileBytesMax,
    };
}
