namespace Upweave.Storage.Pictures;

/// <summary>Bounds on pictures, checked before a pixel is decoded or encoded.</summary>
public static class PictureLimits
{
    /// <summary>
    /// Pixels of one picture: 65536 x 65536, so every JPEG fits. One task reads or writes the picture from top to
    /// bottom, on one core; what is larger belongs in a format of boxes.
    /// </summary>
    public const long MaxPixels = 1L << 32;

    /// <summary>
    /// Bytes of one row of pixels, and rows, of a picture that is written: libvips's own bound on either axis.
    /// </summary>
    public const long MaxSide = 100_000_000;

    /// <summary>
    /// Decoded bytes of a picture that its decoder must hold whole: WebP, an interlaced PNG, a progressive JPEG. Every
    /// WebP fits.
    /// </summary>
    public const long MaxHeldBytes = 1L << 30;
}
