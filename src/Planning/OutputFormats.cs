using Upweave.Storage.Arrays;

namespace Upweave.Planning;

/// <summary>The names of formats in a plan.</summary>
public static class OutputFormats
{
    public const string Npy = "npy";

    public const string Nifti = "nifti";

    public const string Zarr = "zarr";

    public const string OmeZarr = "ome-zarr";

    public const string ZarrV2 = "zarr-v2";

    public const string OmeZarrV2 = "ome-zarr-v2";

    public const string Png = "png";

    public const string Jpeg = "jpeg";

    public const string Tiff = "tiff";

    public const string OmeTiff = "ome-tiff";

    /// <summary>The format that a path's ending names; null when there is none.</summary>
    /// <param name="zarrFormat">2 for the older zarr.</param>
    public static string? OfPath(string path, int? zarrFormat = null)
    {
        bool isV2 = zarrFormat == 2;
        if (path.EndsWith(".ome.zarr", StringComparison.OrdinalIgnoreCase))
            return isV2 ? OmeZarrV2 : OmeZarr;
        if (path.EndsWith(".ome.tif", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".ome.tiff", StringComparison.OrdinalIgnoreCase))
            return OmeTiff;
        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".npy" => Npy,
            ".nii" => Nifti,
            ".zarr" => isV2 ? ZarrV2 : Zarr,
            ".png" => Png,
            ".jpg" or ".jpeg" => Jpeg,
            ".tif" or ".tiff" => Tiff,
            _ => null,
        };
    }

    public static bool IsZarr(string format) => format is Zarr or OmeZarr or ZarrV2 or OmeZarrV2;

    public static bool IsTiff(string format) => format is Tiff or OmeTiff;

    /// <summary>A group of OME-Zarr.</summary>
    public static bool IsOme(string format) => format is OmeZarr or OmeZarrV2;

    /// <summary>What to do about a path whose ending names no format that is written.</summary>
    public static string HintFor(string path) => path.EndsWith(".nii.gz", StringComparison.OrdinalIgnoreCase)
        ? "write .nii, and compress it afterwards: what is compressed as a whole cannot be written in parts"
        : "end it in .npy, .nii, .zarr, .ome.zarr, .tif, .ome.tif, .png or .jpg";

    /// <summary>A picture: written from scratch chunks at the end.</summary>
    public static bool IsPicture(string format) => format is Png or Jpeg;

    /// <summary>What tiles are written in: a picture's go to scratch chunks.</summary>
    public static OutputFormat OfTiles(string format) => format switch
    {
        Npy => OutputFormat.Npy,
        Nifti => OutputFormat.Nifti,
        OmeZarr => OutputFormat.OmeZarr,
        ZarrV2 => OutputFormat.ZarrV2,
        OmeZarrV2 => OutputFormat.OmeZarrV2,
        Tiff => OutputFormat.Tiff,
        OmeTiff => OutputFormat.OmeTiff,
        _ => OutputFormat.Zarr,
    };

    /// <summary>The object whose existence makes the output visible.</summary>
    public static string PublishingPath(string format, string path) =>
        IsPicture(format) ? path : ArrayWriters.PublishingPath(OfTiles(format), path);
}
