using System.Text.Json.Nodes;
using Upweave.Storage.Arrays;

namespace Upweave.Storage.Zarr;

/// <summary>Writes the attributes of an OME-Zarr 0.5 group with one resolution (ngff.openmicroscopy.org/0.5).</summary>
internal static class OmeMetadata
{
    public const string Version = "0.5";

    /// <summary>The path of the highest resolution in the group.</summary>
    public const string FullResolution = "0";

    /// <summary>OME-NGFF's names: it knows no batch axis, so batches are points in time.</summary>
    public static IReadOnlyList<string> AxisNames(string axes) => [.. axes.Select(letter => letter == 'n' ? "t" : $"{letter}")];

    /// <param name="layout">Its axes are known.</param>
    public static JsonObject Attributes(OutputLayout layout)
    {
        string axes = layout.Axes!;
        JsonObject attributes = new()
        {
            ["ome"] = new JsonObject
            {
                ["version"] = Version,
                ["multiscales"] = new JsonArray(new JsonObject
                {
                    ["name"] = layout.Path.Split('/')[^1],
                    ["axes"] = new JsonArray([.. axes.Select(letter => Axis(letter, layout.Space))]),
                    ["datasets"] = new JsonArray(new JsonObject
                    {
                        ["path"] = FullResolution,
                        ["coordinateTransformations"] = Transformations(axes, layout.Space),
                    }),
                }),
            },
        };
        if (layout.Provenance is { } provenance)
            attributes["upweave"] = JsonNode.Parse(provenance);
        return attributes;
    }

    private static JsonObject Axis(char letter, ArraySpace? space)
    {
        JsonObject axis = new() { ["name"] = AxisNames($"{letter}")[0] };
        axis["type"] = letter switch { 'n' => "time", 'c' => "channel", _ => "space" };
        int place = space?.Axes.IndexOf(letter, StringComparison.Ordinal) ?? -1;
        if (place >= 0 && space!.Units[place] is { } unit)
            axis["unit"] = unit;
        return axis;
    }

    /// <summary>
    /// A scale, then a translation where there is one; elements without a place in the world are 1 apart. A rotation has no place here.
    /// </summary>
    private static JsonArray Transformations(string axes, ArraySpace? space)
    {
        JsonArray Numbers(IReadOnlyList<double> spatial, double other) => new([.. axes.Select(letter =>
            JsonValue.Create(space!.Axes.Contains(letter, StringComparison.Ordinal)
                ? spatial[space.Axes.IndexOf(letter, StringComparison.Ordinal)]
                : other))]);
        space ??= ArraySpace.Of("", [], []);
        JsonArray transformations = [new JsonObject { ["type"] = "scale", ["scale"] = Numbers(space.Scale, 1) }];
        if (space.Translation.Any(offset => offset != 0))
            transformations.Add(new JsonObject { ["type"] = "translation", ["translation"] = Numbers(space.Translation, 0) });
        return transformations;
    }
}
