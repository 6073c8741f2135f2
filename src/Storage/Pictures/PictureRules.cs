using NetVips;
using Upweave.Storage.Arrays;

namespace Upweave.Storage.Pictures;

/// <summary>What is taken for a picture, decided from its header alone.</summary>
internal static class PictureRules
{
    /// <summary>Refuses what cannot be read as one array, before any pixel is decoded.</summary>
    public static void Check(string path, Image image)
    {
        if (image.Pages() > 1)
        {
            throw new InvalidArrayException(
                $"{path}: the file has {image.Pages()} pages; volumes and pyramids in one file are not supported yet.",
                "save the page as a file of its own, or the volume as .npy or .zarr");
        }

        if ((long)image.Width * image.Height > PictureLimits.MaxPixels)
        {
            throw new InvalidArrayException(
                $"{path}: the picture has {image.Width} x {image.Height} pixels, more than {PictureLimits.MaxPixels}.",
                "convert it to .zarr, which is read by box");
        }
    }

    /// <summary>
    /// Bytes that the file's own decoder holds beside some rows, because pixels do not come in order.
    /// </summary>
    /// <exception cref="InvalidArrayException">It is more than <see cref="PictureLimits.MaxHeldBytes"/>.</exception>
    public static long HeldBytes(string path, PictureKind kind, Image image)
    {
        if (kind != PictureKind.Webp && !image.Interlaced())
            return 0;
        if (DecodedBytes(image) > PictureLimits.MaxHeldBytes)
        {
            throw new InvalidArrayException(
                $"{path}: the picture is interlaced or progressive and takes {DecodedBytes(image)} bytes at once, more than "
                + $"{PictureLimits.MaxHeldBytes}.",
                "save it without interlacing");
        }

        // A progressive JPEG is held as coefficients of 16 bits.
        return kind == PictureKind.Jpeg ? 2 * DecodedBytes(image) : DecodedBytes(image);
    }

    /// <summary>Size of all pixels.</summary>
    public static long DecodedBytes(Image image) =>
        (long)image.Width * image.Height * image.Bands * (PictureTypes.ToElementType(image.Format)?.Size() ?? 16);

    /// <summary>The picture as an array.</summary>
    /// <exception cref="InvalidArrayException">Its elements or channels are none of ours.</exception>
    public static ArrayInfo Describe(string path, PictureKind kind, Image image)
    {
        if (PictureTypes.ToElementType(image.Format) is not ElementType type || image.Coding != Enums.Coding.None)
        {
            throw new InvalidArrayException(
                $"{path}: pixels of the kind {image.Format}, {image.Coding} are not supported.", "save it as float32 TIFF");
        }

        return new ArrayInfo
        {
            Format = kind.Name(),
            Shape = [image.Bands, image.Height, image.Width],
            Type = type,
            Axes = "cyx",
        };
    }
}
