using Upweave.Storage.Arrays;

namespace Upweave.Planning;

/// <summary>The names of formats in a plan.</summary>
public static class OutputFormats
{
    public const string Npy = "npy";

    public const string Nifti = "nifti";

    public const string Zarr = "zarr";

    public const string OmeZarr = "ome-zarr";

    public const string Png = "png";

    public const string Tiff = "tiff";

    /// <summary>The format that a path's ending names; null when there is none.</summary>
    public static string? OfPath(string path)
    {
        if (path.EndsWith(".ome.zarr", StringComparison.OrdinalIgnoreCase))
            return OmeZarr;
        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".npy" => Npy,
            ".nii" => Nifti,
            ".zarr" => Zarr,
            ".png" => Png,
            ".tif" or ".tiff" => Tiff,
            _ => null,
        };
    }

    /// <summary>What to do about a path whose ending names no format that is written.</summary>
    public static string HintFor(string path) => path.EndsWith(".nii.gz", StringComparison.OrdinalIgnoreCase)
        ? "write .nii, and compress it afterwards: what is compressed as a whole cannot be written in parts"
        : "end it in .npy, .nii, .zarr, .ome.zarr, .png or .tif";

    /// <summary>One run of elements behind a header: tiles are ranges of rows, and blocks of one object.</summary>
    public static bool IsLinear(string format) => ArrayWriters.IsLinear(OfTiles(format));

    /// <summary>A picture: written from scratch chunks at the end.</summary>
    public static bool IsPicture(string format) => format is Png or Tiff;

    /// <summary>What tiles are written in: a picture's go to scratch chunks.</summary>
    public static OutputFormat OfTiles(string format) => format switch
    {
        Npy => OutputFormat.Npy,
        Nifti => OutputFormat.Nifti,
        OmeZarr => OutputFormat.OmeZarr,
        _ => OutputFormat.Zarr,
    };

    /// <summary>The object whose existence makes the output visible.</summary>
    public static string PublishingPath(string format, string path) =>
        IsPicture(format) ? path : ArrayWriters.PublishingPath(OfTiles(format), path);
}
