using NetVips;

namespace Upweave.Storage.Pictures;

/// <summary>Opens a picture with the decoder of its format. No pixel is decoded yet.</summary>
internal static class PictureLoader
{
    /// <summary>
    /// Errors and missing data fail the picture: a decoder would otherwise fill the rest with grey. Warnings do not,
    /// since many good files cause some.
    /// </summary>
    private const Enums.FailOn Strictness = Enums.FailOn.Error;

    /// <param name="topToBottom">Rows are asked for in order, so they need not be kept.</param>
    /// <exception cref="VipsException">The header cannot be read.</exception>
    public static Image Load(PictureKind kind, VipsSource source, bool topToBottom)
    {
        Enums.Access access = topToBottom ? Enums.Access.Sequential : Enums.Access.Random;
        return kind switch
        {
            PictureKind.Png => Image.PngloadSource(source.Native, access: access, failOn: Strictness),
            PictureKind.Jpeg => Image.JpegloadSource(source.Native, access: access, failOn: Strictness),
            PictureKind.Tiff => Image.TiffloadSource(source.Native, access: access, failOn: Strictness),
            _ => Image.WebploadSource(source.Native, access: access, failOn: Strictness),
        };
    }

    /// <summary>Pages of the file; 1 where its format has none.</summary>
    public static int Pages(this Image image) => image.Field("n-pages", 1);

    /// <summary>
    /// EXIF's orientation: 1 upright, 2 mirrored, 3 to 8 turned, so that the last row may come first.
    /// </summary>
    public static int Orientation(this Image image) => image.Field("orientation", 1);

    /// <summary>An interlaced PNG or a progressive JPEG: every row is complete only at the end of the file.</summary>
    public static bool Interlaced(this Image image) => image.Field("interlaced", 0) != 0;

    private static int Field(this Image image, string name, int otherwise) =>
        image.Contains(name) ? (int)image.Get(name) : otherwise;
}
