namespace Upweave.Storage.Tiff;

/// <summary>Names of units of length in ImageJ's and OME's metadata.</summary>
internal static class TiffUnits
{
    /// <summary>UDUNITS-2's name, as OME-NGFF has it; null for a unit that is not known, or none (pixel).</summary>
    public static string? Of(string unit) => unit.Trim() switch
    {
        "micron" or "microns" or "um" or "\u00B5m" or "\u03BCm" or "\\u00B5m" or "micrometer" => "micrometer",
        "nm" or "nanometer" => "nanometer",
        "pm" => "picometer",
        "mm" or "millimeter" => "millimeter",
        "cm" or "centimeter" => "centimeter",
        "m" or "meter" => "meter",
        "km" => "kilometer",
        "\u00C5" or "\u212B" or "angstrom" => "angstrom",
        "in" or "inch" => "inch",
        "ft" => "foot",
        _ => null,
    };

    /// <summary>The unit says that distances are in elements, so that nothing is known of the world.</summary>
    public static bool IsPixel(string unit) => unit.Trim().ToUpperInvariant() is "" or "PIXEL" or "PIXELS" or "REFERENCE FRAME";
}
