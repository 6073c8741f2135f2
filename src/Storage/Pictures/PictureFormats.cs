namespace Upweave.Storage.Pictures;

/// <summary>Which paths name pictures: by extension, in upper or lower case.</summary>
public static class PictureFormats
{
    private static readonly string[] Inputs = [".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp"];

    /// <summary>True when the path names a picture that can be read. What it really is, its first bytes say.</summary>
    public static bool IsInput(string path) => Has(path, Inputs);

    /// <summary>True when the path names a JPEG.</summary>
    internal static bool IsJpeg(string path) => Has(path, [".jpg", ".jpeg"]);

    private static bool Has(string path, IEnumerable<string> extensions) =>
        extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
}
