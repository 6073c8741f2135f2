using System.Globalization;

namespace Upweave.Storage.Tiff;

/// <summary>
/// What ImageJ writes into ImageDescription (ij/io/FileInfo and TiffDecoder, in the public domain): lines of <c>key=value</c>. Pages
/// are in the order channels, slices, frames, channels fastest.
/// </summary>
internal sealed record ImageJDescription
{
    public required long Images { get; init; }

    public required long Channels { get; init; }

    public required long Slices { get; init; }

    public required long Frames { get; init; }

    /// <summary>Null where pixels are not calibrated.</summary>
    public required string? Unit { get; init; }

    /// <summary>Distance of slices, in the unit.</summary>
    public required double Spacing { get; init; }

    /// <summary>Null when the description is not ImageJ's.</summary>
    public static ImageJDescription? Parse(string description)
    {
        if (!description.StartsWith("ImageJ=", StringComparison.Ordinal))
            return null;
        Dictionary<string, string> values = [];
        foreach (string line in description.Split('\n', 1000, StringSplitOptions.TrimEntries))
        {
            if (line.IndexOf('=') is > 0 and int mark)
                values.TryAdd(line[..mark], line[(mark + 1)..]);
        }

        long Count(string key) => values.TryGetValue(key, out string? text)
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long count) && count is > 0 and < int.MaxValue
            ? count
            : 1;
        double spacing = values.TryGetValue("spacing", out string? number)
            && double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double parsed) ? Math.Abs(parsed) : 1;
        long images = Count("images");
        (long channels, long slices, long frames) = (Count("channels"), Count("slices"), Count("frames"));
        // What has no hyperstack's numbers is a stack.
        if ((Int128)channels * slices * frames != images)
            (channels, slices, frames) = (1, images, 1);
        return new ImageJDescription
        {
            Images = images,
            Channels = channels,
            Slices = slices,
            Frames = frames,
            Unit = values.TryGetValue("unit", out string? unit) && !TiffUnits.IsPixel(unit) ? unit : null,
            Spacing = double.IsFinite(spacing) && spacing > 0 ? spacing : 1,
        };
    }
}
