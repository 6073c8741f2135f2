using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Storage.Tiff;

namespace Upweave.Storage.Pictures;

/// <summary>Which inputs are pictures that must be ingested before boxes of them can be read.</summary>
public static class PictureInputs
{
    /// <summary>
    /// True for PNG, JPEG and WebP, by the path's extension, and for a TIFF of a single page of a rare kind (a palette, 1 bit, CMYK,
    /// turned, compressed in an uncommon way). Every other TIFF is read by box.
    /// </summary>
    public static async ValueTask<bool> NeedIngestAsync(StoreLocation location, CancellationToken cancellationToken)
    {
        (IObjectStore store, string path) = location;
        if (!PictureFormats.IsInput(path) || await store.StatAsync(path, cancellationToken) is not { } info)
            return PictureFormats.IsInput(path);
        byte[] start = new byte[Math.Min(PictureKinds.SignatureBytes, info.Length)];
        await store.ReadAsync(path, 0, start, info.ETag, cancellationToken);
        if (PictureKinds.Of(start) != PictureKind.Tiff)
            return true;
        try
        {
            return (await TiffFile.OpenAsync(new ObjectSource(store, info), path, cancellationToken)).NeedsIngest;
        }
        catch (InvalidArrayException)
        {
            return false; // it says why once more when it is opened
        }
    }
}
