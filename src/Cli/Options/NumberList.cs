using System.Globalization;

namespace Upweave.Cli.Options;

/// <summary>Whole numbers separated by commas: <c>2,2</c>, <c>-1,0,0,0</c>.</summary>
internal static class NumberList
{
    /// <summary>What <see cref="Parse"/> understands, for messages.</summary>
    public const string Expected = "whole numbers separated by commas, such as 2 or 2,2";

    /// <returns>At least one number; null when the text is no such list.</returns>
    public static IReadOnlyList<long>? Parse(string text)
    {
        string[] items = text.Split(',', StringSplitOptions.TrimEntries);
        long[] numbers = new long[items.Length];
        for (int index = 0; index < items.Length; index++)
        {
            if (!long.TryParse(items[index], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out numbers[index]))
                return null;
        }

        return numbers;
    }
}
