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

    /// <summary>What a path ends in, whatever the case of its letters, and the format that it names: the first that fits.</summary>
    private static readonly (string Ending, string Format)[] Named =
    [
        (".ome.zarr", OmeZarr), (".ome.tif", OmeTiff), (".ome.tiff", OmeTiff), (".npy", Npy), (".nii", Nifti), (".zarr", Zarr),
        (".png", Png), (".jpg", Jpeg), (".jpeg", Jpeg), (".tif", Tiff), (".tiff", Tiff),
    ];

    /// <summary>What an output's path may end in.</summary>
    public static IReadOnlyList<string> Endings { get; } = [.. Named.Select(one => one.Ending)];

    /// <summary>The format that a path's ending names; null when there is none.</summary>
    /// <param name="zarrFormat">2 for the older zarr.</param>
    public static string? OfPath(string path, int? zarrFormat = null)
    {
        string? format = Named.FirstOrDefault(one => path.EndsWith(one.Ending, StringComparison.OrdinalIgnoreCase)).Format;
        return (format, zarrFormat) switch
        {
            (OmeZarr, 2) => OmeZarrV2,
            (Zarr, 2) => ZarrV2,
            _ => format,
        };
    }

    public static bool IsZarr(string format) => format is Zarr or OmeZarr or ZarrV2 or OmeZarrV2;

    public static bool IsTiff(string format) => format is Tiff or OmeTiff;

    /// <summary>A group of OME-Zarr.</summary>
    public static bool IsOme(string format) => format is OmeZarr or OmeZarrV2;

    /// <summary>What to do about a path whose ending names no format that is written.</summary>
    public static string HintFor(string path) => path.EndsWith(".nii.gz", StringComparison.OrdinalIgnoreCase)
        ? "write .nii, and compress it afterwards: what is compressed as a whole cannot be written in parts"
        : $"end it in {string.Join(", ", Endings.SkipLast(1))} or {Endings[^1]}";

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
