namespace Upweave.Storage.Tiff;

/// <summary>Names of units of length in ImageJ's and OME's metadata.</summary>
internal static class TiffUnits
{
    /// <summary>UDUNITS-2's name, as OME-NGFF has it; null for a unit that is not known, or none (pixel).</summary>
    public static string? Of(string unit) => unit.Trim() switch
    {
        // ImageJ's words, the Greek letter for the micro sign, the escape for it, and what is left of it where Latin-1 was written.
        "micron" or "microns" or "um" or "\u03BCm" or "\\u00B5m" or "\uFFFDm" => "micrometer",
        "\u212B" => "angstrom", // the sign, not the letter
        var known => LengthUnits.NameOf(known),
    };

    /// <summary>The unit says that distances are in elements, so that nothing is known of the world.</summary>
    public static bool IsPixel(string unit) => unit.Trim().ToUpperInvariant() is "" or "PIXEL" or "PIXELS" or "REFERENCE FRAME";
}
