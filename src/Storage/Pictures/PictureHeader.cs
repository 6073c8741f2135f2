using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Pictures;

/// <summary>What a picture says of itself, read without decoding its pixels.</summary>
public sealed record PictureHeader
{
    /// <summary>
    /// Shape [C,H,W] of the upright picture (EXIF orientation applied), axes <c>cyx</c>, C = 1 grey, 2 grey and alpha,
    /// 3 RGB, 4 RGB and alpha. Palettes are expanded, 1-bit pictures become 0 and 255, CMYK becomes sRGB.
    /// </summary>
    public required ArrayInfo Info { get; init; }

    /// <summary>
    /// Pins the picture: what <see cref="PictureIngest"/> reads must still have this ETag and length.
    /// </summary>
    public required string Identity { get; init; }

    /// <summary>
    /// Bytes that the decoder holds while the picture is read: some rows, or all of it where the file's order of pixels
    /// is not from top to bottom (interlaced, progressive, WebP, turned by EXIF).
    /// </summary>
    public required long DecoderBytes { get; init; }

    /// <summary>Reads the header of a picture and pins it.</summary>
    /// <exception cref="InvalidArrayException">
    /// There is no such object, or it is not a picture, damaged, of a kind that is not supported, or larger than
    /// <see cref="PictureLimits"/> allows.
    /// </exception>
    /// <exception cref="ObjectChangedException">It changed while it was read.</exception>
    public static async ValueTask<PictureHeader> ReadAsync(IObjectStore store, string path, CancellationToken cancellationToken)
    {
        ObjectInfo found = await store.StatAsync(path, cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidArrayException($"{path}: there is no such picture.", "check the path and its spelling");
        PictureIdentity identity = PictureIdentity.Of(found);
        return await VipsThread.RunAsync(
            () =>
            {
                using PictureDecoder decoder = PictureDecoder.Open(store, path, identity, cancellationToken);
                return new PictureHeader
                {
                    Info = decoder.Info,
                    Identity = identity.ToString(),
                    DecoderBytes = decoder.HeldBytes,
                };
            },
            cancellationToken).ConfigureAwait(false);
    }
}
