using NetVips;

namespace Upweave.Storage.Pictures;

/// <summary>Encodes the pixels of an <see cref="ArraySource"/>.</summary>
internal static class PictureEncoder
{
    private const int TiffTile = 256;
    private const long BufferedRows = 1024;

    /// <summary>Above this many bytes of pixels a TIFF has 64-bit offsets. Well below 4 GiB, since deflate may enlarge noise.</summary>
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
    public static long PeakBytes(PictureShape shape) => BufferedRows * shape.RowBytes;

    private static void SavePng(Image picture, Target target) =>
        picture.PngsaveTarget(target, compression: 6, filter: Enums.ForeignPngFilter.None, keep: Enums.ForeignKeep.None);

    private static void SaveTiff(Image picture, Target target, PictureShape shape) =>
        picture.TiffsaveTarget(
            target,
            compression: Enums.ForeignTiffCompression.Deflate,
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
