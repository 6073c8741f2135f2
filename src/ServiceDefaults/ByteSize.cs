using System.Globalization;

namespace Upweave.ServiceDefaults;

/// <summary>Sizes in bytes as people type them: <c>2GiB</c>, <c>512M</c>, <c>1.5GB</c>, <c>1073741824</c>.</summary>
public static class ByteSize
{
    /// <summary>What <see cref="Parse"/> understands, for messages.</summary>
    public const string Expected = "a size in bytes such as 2GiB, 512MiB, 1.5GB or 1073741824";

    private static readonly Dictionary<string, long> Units = new(StringComparer.OrdinalIgnoreCase)
    {
        [""] = 1,
        ["B"] = 1,
        ["K"] = 1L << 10,
        ["M"] = 1L << 20,
        ["G"] = 1L << 30,
        ["T"] = 1L << 40,
        ["KiB"] = 1L << 10,
        ["MiB"] = 1L << 20,
        ["GiB"] = 1L << 30,
        ["TiB"] = 1L << 40,
        ["Ki"] = 1L << 10,
        ["Mi"] = 1L << 20,
        ["Gi"] = 1L << 30,
        ["Ti"] = 1L << 40,
        ["KB"] = 1_000,
        ["MB"] = 1_000_000,
        ["GB"] = 1_000_000_000,
        ["TB"] = 1_000_000_000_000,
    };

    /// <summary>
    /// A bare letter is binary, as in Docker and the JVM; <c>MB</c> with its B is decimal.
    /// </summary>
    /// <returns>At least 1; null when the text is no such size.</returns>
    public static long? Parse(string text)
    {
        int digits = text.AsSpan().LastIndexOfAnyInRange('0', '9') + 1;
        string unit = text[digits..].Trim();
        if (!Units.TryGetValue(unit, out long factor))
            return null;
        const NumberStyles Styles = NumberStyles.AllowDecimalPoint;
        if (!decimal.TryParse(text.AsSpan(0, digits), Styles, CultureInfo.InvariantCulture, out decimal number))
            return null;
        return number * factor is >= 1 and <= long.MaxValue ? (long)(number * factor) : null;
    }
}
