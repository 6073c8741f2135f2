using System.Globalization;

namespace Upweave.Cli.Options;

/// <summary>A length of time such as <c>7d</c>, <c>12h</c>, <c>90m</c> or <c>30s</c>.</summary>
internal static class AgeText
{
    public const string Expected = "a whole number and d, h, m or s, such as 7d";

    /// <summary>The longest, some ten years.</summary>
    private static readonly TimeSpan Most = TimeSpan.FromDays(3650);

    /// <returns>Null when it cannot be read, is negative or too long.</returns>
    public static TimeSpan? Parse(string text)
    {
        if (text.Length < 2 || !long.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out long number))
            return null;
        double seconds = number * (text[^1] switch { 'd' => 86400.0, 'h' => 3600, 'm' => 60, 's' => 1, _ => double.NaN });
        return seconds <= Most.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
    }
}
