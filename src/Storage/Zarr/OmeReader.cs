using System.Text.Json;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Zarr;

/// <summary>
/// Reads the attributes of an OME-Zarr image: <c>ome.multiscales</c> in version 0.5, <c>multiscales</c> before
/// (ngff.openmicroscopy.org). The first image counts.
/// </summary>
internal static class OmeReader
{
    /// <summary>More resolutions than any array has halves.</summary>
    private const int LevelsMax = 64;

    /// <param name="attributes">Of the group; undefined where it has none.</param>
    /// <param name="reference">Names the group in messages.</param>
    /// <exception cref="InvalidArrayException">It is no image, or malformed.</exception>
    public static OmeImage Read(JsonElement attributes, string reference)
    {
        JsonElement? ome = ZarrJson.Member(attributes, "ome");
        JsonElement? multiscales = ome is { } inside ? ZarrJson.Member(inside, "multiscales") : ZarrJson.Member(attributes, "multiscales");
        if (multiscales is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() == 0)
            throw NotAnImage(attributes, reference);
        JsonElement image = list[0];
        JsonElement[] datasets = List(ZarrJson.Member(image, "datasets"));
        if (datasets.Length is 0 or > LevelsMax)
            throw Fault(reference, $"has {datasets.Length} datasets where 1 to {LevelsMax} are expected");
        return new OmeImage
        {
            Version = ZarrJson.Text(ome is { } group ? ZarrJson.Member(group, "version") : ZarrJson.Member(image, "version")),
            Reference = reference,
            Levels = [.. datasets.Select(dataset => Path(dataset, reference))],
            Axes = ZarrJson.Member(image, "axes") is { ValueKind: JsonValueKind.Array } axes
                ? [.. axes.EnumerateArray().Select(axis => Axis(axis, reference))]
                : null,
            Transformations = Transformations([datasets[0], image], reference),
        };
    }

    public static InvalidArrayException Fault(string reference, string what) =>
        new($"The OME-Zarr image '{reference}' {what}.", "mend its attributes, or give the path of an array in it");

    private static InvalidArrayException NotAnImage(JsonElement attributes, string reference) => new(
        $"'{reference}' is a zarr group and not an OME-Zarr image: its attributes have no multiscales.",
        ZarrJson.Member(attributes, "bioformats2raw.layout") is not null
            ? $"it holds a series of images: give the path of one, e.g. {reference}/0"
            : "give the path of an array in it");

    /// <summary>A path below the group.</summary>
    private static string Path(JsonElement dataset, string reference)
    {
        string path = ZarrJson.Text(ZarrJson.Member(dataset, "path")) ?? throw Fault(reference, "has a dataset without a path");
        try
        {
            return StorePath.Check(path);
        }
        catch (InvalidArrayException outside)
        {
            throw Fault(reference, $"has a dataset outside its folder: {outside.Message.TrimEnd('.')}");
        }
    }

    /// <summary>A name alone, or an object with one.</summary>
    private static OmeAxis Axis(JsonElement axis, string reference)
    {
        string name = ZarrJson.Name(axis) ?? throw Fault(reference, "has an axis without a name");
        return new OmeAxis(name, ZarrJson.Text(ZarrJson.Member(axis, "unit")));
    }

    /// <summary>Those of the members <c>coordinateTransformations</c>, one after the other; null where one's kind is not known.</summary>
    private static List<OmeTransformation>? Transformations(JsonElement[] owners, string reference)
    {
        List<OmeTransformation> transformations = [];
        foreach (JsonElement step in owners.SelectMany(owner => List(ZarrJson.Member(owner, "coordinateTransformations"))))
        {
            string? type = ZarrJson.Text(ZarrJson.Member(step, "type"));
            if (type == "identity")
                continue;
            if (type is not ("scale" or "translation") || ZarrJson.Member(step, type) is not { } numbers)
                return null;
            double[] values = [.. List(numbers).Select(number =>
                number.ValueKind == JsonValueKind.Number && number.TryGetDouble(out double value) ? value : double.NaN)];
            if (!values.All(double.IsFinite) || (type == "scale" && values.Contains(0)))
                throw Fault(reference, $"has a {type} with what is not a finite number{(type == "scale" ? " other than 0" : "")}");
            transformations.Add(new OmeTransformation(type == "scale", values));
        }

        return transformations;
    }

    private static JsonElement[] List(JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray()] : [];
}
