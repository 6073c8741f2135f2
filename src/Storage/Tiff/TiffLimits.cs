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
}
