using System.Reflection;
using System.Text.Json.Nodes;
using Upweave.Contracts.Specification;
using Upweave.Coordinator.Jobs;
using Upweave.Coordinator.Planning;
using Upweave.Kernels;
using Upweave.Planning;
using Upweave.Storage;

namespace Upweave.Contracts.Tests;

/// <summary>What the planner checks fields against, for their schemas: here are the fields, the names and numbers are the planner's own.</summary>
internal static class SpecificationLimits
{
    private static readonly Dictionary<string, Action<JsonObject>> All = new()
    {
        [Of<JobSpecification>(nameof(JobSpecification.Input))] = schema => Is(schema, @"\S"),
        [Of<JobSpecification>(nameof(JobSpecification.Output))] = schema => Is(schema, EndingPattern()),
        [Of<JobSpecification>(nameof(JobSpecification.Layers))] = schema => Holds(schema, 1, SpecificationRules.LayersMax),
        [Of<JobSpecification>(nameof(JobSpecification.Dtype))] = schema => OneOf(schema, ElementTypes.All),
        [Of<JobSpecification>(nameof(JobSpecification.Tile))] = schema => Vector(schema, AxisVector.ExtentMin),
        [Of<JobSpecification>(nameof(JobSpecification.Region))] = Region,
        [Of<JobSpecification>(nameof(JobSpecification.Algorithm))] = schema => OneOf(schema, AlgorithmNames.All),
        [Of<JobSpecification>(nameof(JobSpecification.Precision))] = schema => OneOf(schema, PrecisionNames.All),
        [Of<JobSpecification>(nameof(JobSpecification.Priority))] = schema => Between(schema, -WindowShares.PriorityMax, WindowShares.PriorityMax),
        [Of<JobSpecification>(nameof(JobSpecification.Labels))] = schema =>
            schema["additionalProperties"]!["type"] = new JsonArray("string", "null"),
        [Of<FormatSpecification>(nameof(FormatSpecification.ZarrFormat))] = schema => OneOf(schema, FormatPlanner.ZarrFormats),
        [Of<FormatSpecification>(nameof(FormatSpecification.Compression))] = schema => OneOf(schema, CompressionNames.All),
        [Of<FormatSpecification>(nameof(FormatSpecification.Level))] = schema =>
            Between(schema, CompressionNames.LevelMin, CompressionNames.All.Max(CompressionNames.LevelMax)),
        [Of<FormatSpecification>(nameof(FormatSpecification.Chunk))] = schema => Vector(schema, AxisVector.ExtentMin),
        [Of<LayerSpecification>(nameof(LayerSpecification.Preset))] = schema => OneOf(schema, Preset.Names),
        [Of<LayerSpecification>(nameof(LayerSpecification.Scale))] = schema => Vector(schema, AxisVector.ExtentMin, PresetPlanner.ScaleMax),
        [Of<LayerSpecification>(nameof(LayerSpecification.Strides))] = schema => Vector(schema, AxisVector.ExtentMin),
        [Of<LayerSpecification>(nameof(LayerSpecification.Pads))] = schema => Vector(schema, AxisVector.PadMin, countMax: 2 * AxisVector.AxesMax),
        [Of<LayerSpecification>(nameof(LayerSpecification.OutputPadding))] = schema => Vector(schema, AxisVector.OffsetMin),
        [Of<LayerSpecification>(nameof(LayerSpecification.Dilations))] = schema => Vector(schema, AxisVector.ExtentMin),
        [Of<LayerSpecification>(nameof(LayerSpecification.Group))] = schema => schema["minimum"] = AxisVector.ExtentMin,
        [Of<LayerSpecification>(nameof(LayerSpecification.AutoPad))] = schema => OneOf(schema, AutoPadNames.All),
        [Of<LayerSpecification>(nameof(LayerSpecification.OutputShape))] = schema => Vector(schema, AxisVector.ExtentMin),
        [Of<LayerSpecification>(nameof(LayerSpecification.Border))] = schema => OneOf(schema, BorderNames.All),
        [Of<ActivationSpecification>(nameof(ActivationSpecification.Type))] = schema => OneOf(schema, ActivationNames.All),
    };

    /// <summary>Fields that cannot be left out, and are not null.</summary>
    private static readonly HashSet<string> Needed =
    [
        Of<JobSpecification>(nameof(JobSpecification.Version)), Of<JobSpecification>(nameof(JobSpecification.Input)),
        Of<JobSpecification>(nameof(JobSpecification.Output)), Of<JobSpecification>(nameof(JobSpecification.Layers)),
        Of<ActivationSpecification>(nameof(ActivationSpecification.Type)),
    ];

    public static bool IsNeeded(PropertyInfo field) => Needed.Contains(KeyOf(field));

    /// <summary>Adds what there is to a field's schema.</summary>
    public static void Apply(PropertyInfo field, JsonObject schema)
    {
        if (IsNeeded(field))
            schema["type"] = schema["type"]!.AsArray()[0]!.DeepClone(); // elsewhere null is as if it were left out
        if (All.TryGetValue(KeyOf(field), out Action<JsonObject>? limit))
            limit(schema);
    }

    private static string Of<T>(string name) => KeyOf(typeof(T).GetProperty(name)!);

    private static string KeyOf(PropertyInfo field) => $"{field.DeclaringType!.Name}.{field.Name}";

    private static void OneOf<T>(JsonObject schema, IReadOnlyList<T> known)
    {
        JsonArray values = [.. known.Select(value => JsonValue.Create(value))];
        if (schema["type"] is JsonArray)
            values.Add((JsonNode?)null);
        schema["enum"] = values;
    }

    private static void Between(JsonObject schema, long minimum, long maximum) =>
        (schema["minimum"], schema["maximum"]) = (minimum, maximum);

    private static void Holds(JsonObject schema, int countMin, int countMax) =>
        (schema["minItems"], schema["maxItems"]) = (countMin, countMax);

    private static void Vector(JsonObject schema, long minimum, long maximum = AxisVector.Bound, int countMax = AxisVector.AxesMax)
    {
        Between(schema["items"]!.AsObject(), minimum, maximum);
        Holds(schema, 1, countMax);
    }

    private static void Region(JsonObject schema)
    {
        Holds(schema, 1, AxisVector.AxesMax);
        JsonObject range = schema["items"]!.AsObject();
        Holds(range, OutputPlanner.RangeLength, OutputPlanner.RangeLength);
        range["items"]!["minimum"] = AxisVector.OffsetMin;
    }

    private static void Is(JsonObject schema, string pattern) => schema["pattern"] = pattern;

    /// <summary>JSON Schema's patterns know no case that does not matter. An ending that another one ends in says nothing more.</summary>
    private static string EndingPattern()
    {
        IEnumerable<string> least = OutputFormats.Endings.Where(ending =>
            !OutputFormats.Endings.Any(other => other != ending && ending.EndsWith(other, StringComparison.Ordinal)));
        return $"({string.Join('|', least.Select(ending => string.Concat(ending.Select(AnyCase))))})$";
    }

    private static string AnyCase(char letter) =>
        char.IsAsciiLetter(letter) ? $"[{char.ToLowerInvariant(letter)}{char.ToUpperInvariant(letter)}]" : $"[{letter}]";
}
