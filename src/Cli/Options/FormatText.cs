using System.Globalization;
using Upweave.Contracts.Specification;

namespace Upweave.Cli.Options;

/// <summary>Options of the output's format: <c>compression=gzip,level=5,chunk=64x128x128,pyramid</c>.</summary>
internal static class FormatText
{
    /// <summary>What <see cref="Parse"/> understands, for messages.</summary>
    public const string Expected =
        "pyramid, zarr_format=2, compression=NAME, level=N, chunk=256 or 64x128x128, shard=false, with commas between";

    /// <returns>Null when it is not understood. Whether the format has an option, and which values, the planner knows.</returns>
    public static FormatSpecification? Parse(string text)
    {
        FormatSpecification format = new();
        HashSet<string> given = [];
        foreach (string option in text.Split(',', StringSplitOptions.TrimEntries))
        {
            string[] parts = option.Split('=', 2, StringSplitOptions.TrimEntries);
            if (!given.Add(parts[0]) || Apply(format, parts[0], parts.ElementAtOrDefault(1)) is not { } applied)
                return null;
            format = applied;
        }

        return format;
    }

    private static FormatSpecification? Apply(FormatSpecification format, string name, string? value) => name switch
    {
        "pyramid" when Flag(value) is bool pyramid => format with { Pyramid = pyramid },
        "shard" when Flag(value) is bool shard => format with { Shard = shard },
        "zarr_format" when Whole(value) is int version => format with { ZarrFormat = version },
        "level" when Whole(value) is int level => format with { Level = level },
        "compression" when value is { Length: > 0 } => format with { Compression = value },
        "chunk" when Sides(value) is { } chunk => format with { Chunk = chunk },
        _ => null,
    };

    private static bool? Flag(string? value) => value switch
    {
        null or "true" => true,
        "false" => false,
        _ => null,
    };

    private static int? Whole(string? value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    private static List<long>? Sides(string? value)
    {
        List<long> sides = [];
        foreach (string part in value?.Split('x') ?? [])
        {
            if (!long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out long side))
                return null;
            sides.Add(side);
        }

        return sides.Count > 0 ? sides : null;
    }
}
