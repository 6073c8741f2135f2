using System.Text.Json;
using Upweave.Tiling;

namespace Upweave.Storage.Zarr;

/// <summary>
/// The shapes that recur in zarr's metadata: an extension point is a name, or an object with <c>name</c> and
/// <c>configuration</c>.
/// </summary>
internal static class ZarrJson
{
    public static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement member) ? member : null;

    public static string? Text(JsonElement? element) =>
        element is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>The name of an extension point.</summary>
    public static string? Name(JsonElement? element) =>
        Text(element) ?? (element is { } named ? Text(Member(named, "name")) : null);

    /// <summary>A member of an extension point's configuration.</summary>
    public static JsonElement? Configuration(JsonElement? element, string member) =>
        element is { } named && Member(named, "configuration") is { } configuration ? Member(configuration, member) : null;

    /// <summary>A list of at most <see cref="ZarrRules.RankMax"/> whole numbers from 1 on; null when it is none.</summary>
    public static Dims? Numbers(JsonElement? element)
    {
        if (element is not { ValueKind: JsonValueKind.Array } array || array.GetArrayLength() > ZarrRules.RankMax)
            return null;
        List<long> numbers = [];
        foreach (JsonElement item in array.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out long number) || number < 1)
                return null;
            numbers.Add(number);
        }

        return Dims.Create([.. numbers]);
    }
}
