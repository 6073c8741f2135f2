using NetVips;

namespace Upweave.Storage.Pictures;

/// <summary>Encodes the pixels of an <see cref="ArraySource"/>.</summary>
internal static class PictureEncoder
{
    /// <summary>
    /// Deflate's level, of PNG and of TIFF, and the filter of PNG. Of a 20-megapixel photograph and of one enlarged 4
    /// times, libvips's defaults (6, no filter) made PNGs of 78 % and 58 % at 40 MB/s; these make 46 % and 34 % at 51
    /// and 68 MB/s. Level 6 gains another 3 to 8 % of size and is three times slower; trying all filters per row is
    /// twice slower and no smaller.
    /// (One core of a shared x86-64 server, libvips 8.18.7.)
    /// </summary>
    private const int DeflateLevel = 3;

    private const int TiffTile = 256;

    /// <summary>
    /// Rows that libvips was seen to hold at most, on their way into a PNG and into the tiles of a TIFF.
    /// </summary>
    private const long PngRows = 1024;

    private const long TiffRows = 4096;

    /// <summary>
    /// Above this many bytes of pixels a TIFF has 64-bit offsets. Well below 4 GiB, since deflate may enlarge noise.
    /// </summary>
    private const long BigTiffBytes = 3L << 30;

    /// <exception cref="VipsException">Reading, encoding or writing failed.</exception>
    public static void Encode(ArraySource source, bool png, Target target)
    {
        PictureShape shape = source.Shape;
        using Image bytes = Image.TiffloadSource(
            source.Native, unlimited: true, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error);
        using Image folded = bytes.Bandfold(factor: shape.Channels * shape.ElementSize);
        using Image picture = folded.Copy(
            bands: shape.Channels, format: PictureTypes.ToBandFormat(shape.Type), interpretation: Interpretation(shape));
        if (png)
            SavePng(picture, target);
        else
            SaveTiff(picture, target, shape);
    }

    /// <summary>Memory of libvips's own: rows on their way to the file, a band of tiles of a TIFF.</summary>
    public static long PeakBytes(PictureShape shape, bool png) =>
        Math.Min(shape.Height, png ? PngRows : TiffRows) * shape.RowBytes;

    private static void SavePng(Image picture, Target target) =>
        picture.PngsaveTarget(target, compression: DeflateLevel, filter: Enums.ForeignPngFilter.Up, keep: Enums.ForeignKeep.None);

    private static void SaveTiff(Image picture, Target target, PictureShape shape) =>
        picture.TiffsaveTarget(
            target,
            compression: Enums.ForeignTiffCompression.Deflate,
            level: DeflateLevel,
            predictor: shape.Type is ElementType.Float32 or ElementType.Float64
                ? Enums.ForeignTiffPredictor.None
                : Enums.ForeignTiffPredictor.Horizontal,
            tile: true,
            tileWidth: TiffTile,
            tileHeight: TiffTile,
            bigtiff: shape.Height * shape.RowBytes > BigTiffBytes,
            keep: Enums.ForeignKeep.None);

    // What viewers take the channels for. A 16-bit PNG stays one only under a 16-bit name.
    private static Enums.Interpretation Interpretation(PictureShape shape) => (shape.Channels, shape.Type) switch
    {
        (<= 2, ElementType.UInt16) => Enums.Interpretation.Grey16,
        (<= 2, _) => Enums.Interpretation.Bw,
        (_, ElementType.UInt16) => Enums.Interpretation.Rgb16,
        _ => Enums.Interpretation.Srgb,
    };
}
