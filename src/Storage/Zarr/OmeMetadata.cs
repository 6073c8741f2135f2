using System.Text.Json.Nodes;
using Upweave.Storage.Arrays;

namespace Upweave.Storage.Zarr;

/// <summary>Writes the attributes of an OME-Zarr group (ngff.openmicroscopy.org/0.5 and 0.4, which say the same in two places).</summary>
internal static class OmeMetadata
{
    /// <summary>OME-NGFF's names: it knows no batch axis, so batches are points in time.</summary>
    public static IReadOnlyList<string> AxisNames(string axes) => [.. axes.Select(letter => letter == 'n' ? "t" : $"{letter}")];

    /// <param name="layout">Its axes are known.</param>
    public static JsonObject Attributes(OutputLayout layout, string version)
    {
        string axes = layout.Axes!;
        string spatial = string.Concat(axes.Where("zyx".Contains));
        ArraySpace space = Upright(layout.Space) ?? ArraySpace.Of(
            spatial, [.. Enumerable.Repeat(1.0, spatial.Length)], new double[spatial.Length]);
        JsonObject multiscale = new()
        {
            ["name"] = layout.Path.Split('/')[^1],
            ["axes"] = new JsonArray([.. axes.Select(letter => Axis(letter, space))]),
            ["datasets"] = new JsonArray(
            [
                Dataset(0, axes, space),
                .. layout.Pyramid.Select((level, index) => Dataset(1 + index, axes, level.SpaceOf(space, axes))),
            ]),
        };
        if (layout.Pyramid.Count > 0)
            multiscale["type"] = "mean";
        JsonObject attributes = version == "0.4"
            ? new() { ["multiscales"] = new JsonArray(multiscale) }
            : new() { ["ome"] = new JsonObject { ["version"] = version, ["multiscales"] = new JsonArray(multiscale) } };
        if (version == "0.4")
            multiscale["version"] = version;
        if (layout.Provenance is { } provenance)
            attributes["upweave"] = JsonNode.Parse(provenance);
        return attributes;
    }

    /// <summary>
    /// A scale here is a positive length along its own axis: of a space that is turned or mirrored (a NIfTI's) only the distances of
    /// neighbours can be said, and no place.
    /// </summary>
    private static ArraySpace? Upright(ArraySpace? space) => space is null || (space.IsAligned && space.Scale.All(scale => scale > 0))
        ? space
        : ArraySpace.Of(space.Axes, [.. space.Scale.Select(Math.Abs)], new double[space.Axes.Length], space.Units);

    private static JsonObject Dataset(int level, string axes, ArraySpace space) => new()
    {
        ["path"] = $"{level}",
        ["coordinateTransformations"] = Transformations(axes, space),
    };

    private static JsonObject Axis(char letter, ArraySpace space)
    {
        JsonObject axis = new() { ["name"] = AxisNames($"{letter}")[0] };
        axis["type"] = letter switch { 'n' => "time", 'c' => "channel", _ => "space" };
        int place = space.Axes.IndexOf(letter, StringComparison.Ordinal);
        if (place >= 0 && space.Units[place] is { } unit)
            axis["unit"] = unit;
        return axis;
    }

    /// <summary>
    /// A scale, then a translation where there is one; elements without a place in the world are 1 apart.
    /// </summary>
    private static JsonArray Transformations(string axes, ArraySpace space)
    {
        JsonArray Numbers(IReadOnlyList<double> spatial, double other) => new([.. axes.Select(letter =>
            JsonValue.Create(space.Axes.Contains(letter, StringComparison.Ordinal)
                ? spatial[space.Axes.IndexOf(letter, StringComparison.Ordinal)]
                : other))]);
        JsonArray transformations = [new JsonObject { ["type"] = "scale", ["scale"] = Numbers(space.Scale, 1) }];
        if (space.Translation.Any(offset => offset != 0))
            transformations.Add(new JsonObject { ["type"] = "translation", ["translation"] = Numbers(space.Translation, 0) });
        return transformations;
    }
}
