using NetVips;

namespace Upweave.Storage.Pictures;

/// <summary>Encodes the pixels of an <see cref="ArraySource"/> as a PNG or a JPEG.</summary>
internal static class PictureEncoder
{
    /// <summary>
    /// Deflate's level, beside the filter Up. Of a 20-megapixel photograph and of one enlarged 4
    /// times, libvips's defaults (6, no filter) made PNGs of 78 % and 58 % at 40 MB/s; these make 46 % and 34 % at 51
    /// and 68 MB/s. Level 6 gains another 3 to 8 % of size and is three times slower; trying all filters per row is
    /// twice slower and no smaller.
    /// (One core of a shared x86-64 server, libvips 8.18.7.)
    /// </summary>
    private const int DeflateLevel = 3;

    /// <summary>What is lost is hardly seen; colours have half the resolution below it, and all of it from here on.</summary>
    private const int JpegQuality = 90;

    /// <summary>Rows that libvips was seen to hold at most, on their way into a PNG.</summary>
    private const long Rows = 1024;

    /// <exception cref="VipsException">Reading, encoding or writing failed.</exception>
    public static void Encode(ArraySource source, Target target, bool isJpeg)
    {
        PictureShape shape = source.Shape;
        using Image bytes = Image.TiffloadSource(
            source.Native, unlimited: true, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error);
        using Image folded = bytes.Bandfold(factor: shape.Channels * shape.ElementSize);
        using Image picture = folded.Copy(
            bands: shape.Channels, format: PictureTypes.ToBandFormat(shape.Type), interpretation: Interpretation(shape));
        if (isJpeg)
            picture.JpegsaveTarget(target, q: JpegQuality, keep: Enums.ForeignKeep.None);
        else
            picture.PngsaveTarget(target, compression: DeflateLevel, filter: Enums.ForeignPngFilter.Up, keep: Enums.ForeignKeep.None);
    }

    /// <summary>Memory of libvips's own: rows on their way to the file.</summary>
    public static long PeakBytes(PictureShape shape) => Math.Min(shape.Height, Rows) * shape.RowBytes;

    // What viewers take the channels for. A 16-bit PNG stays one only under a 16-bit name.
    private static Enums.Interpretation Interpretation(PictureShape shape) => (shape.Channels, shape.Type) switch
    {
        (<= 2, ElementType.UInt16) => Enums.Interpretation.Grey16,
        (<= 2, _) => Enums.Interpretation.Bw,
        (_, ElementType.UInt16) => Enums.Interpretation.Rgb16,
        _ => Enums.Interpretation.Srgb,
    };
}
