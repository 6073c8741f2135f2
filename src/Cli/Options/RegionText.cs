using System.Globalization;

namespace Upweave.Cli.Options;

/// <summary>A box of the output, [start, end) per spatial axis: <c>0:512,100:300</c>.</summary>
internal static class RegionText
{
    /// <summary>What <see cref="Parse"/> understands, for messages.</summary>
    public const string Expected = "start:end per spatial axis, separated by commas, such as 0:512,100:300";

    /// <returns>A pair per axis; null when the text is no such region. Whether it lies in the output is for the planner.</returns>
    public static IReadOnlyList<IReadOnlyList<long>>? Parse(string text)
    {
        List<IReadOnlyList<long>> ranges = [];
        foreach (string axis in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (Range(axis) is not long[] range)
                return null;
            ranges.Add(range);
        }

        return ranges;
    }

    private static long[]? Range(string text)
    {
        string[] ends = text.Split(':', StringSplitOptions.TrimEntries);
        return ends.Length == 2 && Number(ends[0]) is long start && Number(ends[1]) is long end ? [start, end] : null;
    }

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : null;
}
