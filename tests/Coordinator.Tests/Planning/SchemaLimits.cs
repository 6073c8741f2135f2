using System.Text.Json.Nodes;
using Upweave.Contracts;

namespace Upweave.Coordinator.Tests.Planning;

/// <summary>What the JSON Schema of a job bounds: each limit with values inside and outside.</summary>
internal static class SchemaLimits
{
    /// <summary>Of each field that has an <c>enum</c>, what it lists. Fields are named as in problems, e.g. <c>layers[0].border</c>.</summary>
    public static IEnumerable<(string Field, IReadOnlyList<JsonNode?> Values)> Enums() =>
        from node in Nodes("", Root)
        where node.Schema["enum"] is JsonArray
        select (node.Field, (IReadOnlyList<JsonNode?>)[.. node.Schema["enum"]!.AsArray()]);

    /// <summary>For each bound of a number or of a list's length, a value just beyond it.</summary>
    public static IEnumerable<(string Field, string Limit, JsonNode Value)> Beyond() =>
        Nodes("", Root).SelectMany(node => Beyond(node.Schema).Select(beyond => (node.Field, beyond.Limit, beyond.Value)));

    private static JsonObject Root => JsonNode.Parse(ContractJson.SpecificationSchema)!.AsObject();

    private static IEnumerable<(string Field, JsonObject Schema)> Nodes(string field, JsonObject schema)
    {
        if (schema["properties"] is not JsonObject properties)
            return [(field, schema)];
        return properties.SelectMany(property => Nodes(
            field.Length == 0 ? property.Key : $"{field}.{property.Key}", property.Value!.AsObject()))
            .Concat(properties.SelectMany(property => property.Value!["items"] is JsonObject items && items.ContainsKey("properties")
                ? Nodes($"{(field.Length == 0 ? "" : field + ".")}{property.Key}[0]", items)
                : []));
    }

    /// <summary>A list's item is wrong in a list that is right but for it.</summary>
    private static IEnumerable<(string Limit, JsonNode Value)> Beyond(JsonObject schema)
    {
        if (schema["minimum"] is { } minimum)
            yield return ("minimum", (long)minimum - 1);
        if (schema["maximum"] is { } maximum)
            yield return ("maximum", (long)maximum + 1);
        if (schema["items"] is not JsonObject items)
            yield break;
        if (schema["minItems"] is { } least)
            yield return ("minItems", List(items, (int)least - 1));
        if (schema["maxItems"] is { } most)
            yield return ("maxItems", List(items, (int)most + 1));
        foreach ((string limit, JsonNode value) in Beyond(items))
        {
            // One number stands for all axes; of ranges there are as many as axes.
            yield return ($"items.{limit}", new JsonArray([value, .. items.ContainsKey("items") ? new[] { Good(items) } : []]));
        }
    }

    private static JsonArray List(JsonObject items, int count) => new([.. Enumerable.Range(0, count).Select(_ => Good(items))]);

    /// <summary>A right item: a number, a range, or a layer.</summary>
    private static JsonNode Good(JsonObject schema) => schema switch
    {
        _ when schema.ContainsKey("properties") => JsonNode.Parse("""{"preset":"nearest","scale":[2,2]}""")!,
        _ when schema.ContainsKey("items") => new JsonArray(0, 4),
        _ => 1,
    };
}
