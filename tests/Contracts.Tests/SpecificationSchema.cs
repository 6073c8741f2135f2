using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Upweave.Contracts.Specification;

namespace Upweave.Contracts.Tests;

/// <summary>
/// The JSON Schema of a job's specification, made of the contracts themselves: names and types from the records, what each field means from
/// their comments, what it may be from the planner's constants. Unknown fields are errors, as they are for the coordinator; how fields and
/// arrays go together is left to the planner.
/// </summary>
internal static partial class SpecificationSchema
{
    private static readonly Dictionary<string, string> Comments = XDocument
        .Load(Path.ChangeExtension(typeof(JobSpecification).Assembly.Location, ".xml")).Descendants("member")
        .Where(member => member.Element("summary") is not null)
        .ToDictionary(member => (string)member.Attribute("name")!, member => TextOf(member.Element("summary")!));

    /// <summary>As the file holds it: indented, with a line's end at its end.</summary>
    public static string Text { get; } = Make().ToJsonString(new JsonSerializerOptions
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    }) + "\n";

    private static JsonObject Make()
    {
        JsonSchemaExporterOptions options = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Describe };
        JsonSerializerOptions contracts = new(ContractJson.Options) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };
        JsonObject schema = contracts.GetJsonSchemaAsNode(typeof(JobSpecification), options).AsObject();
        schema["type"] = "object";
        JsonNode properties = schema["properties"]!;
        properties["version"] = new JsonObject
        {
            ["description"] = properties["version"]!["description"]!.DeepClone(),
            ["const"] = JobSpecification.CurrentVersion,
        };
        properties["network"] = new JsonObject
        {
            ["description"] = Comments[$"P:{typeof(JobSpecification).FullName}.{nameof(JobSpecification.Network)}"],
            ["type"] = "null",
        };
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "A job of Upweave");
        return schema;
    }

    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode node)
    {
        if (node is not JsonObject schema)
            return node;
        if (schema.ContainsKey("properties") && IsContract(context.TypeInfo.Type))
        {
            schema["additionalProperties"] = false;
            JsonArray needed = [.. context.TypeInfo.Properties.Where(IsNeeded).Select(property => JsonValue.Create(property.Name))];
            if (needed.Count > 0)
                schema["required"] = needed;
        }

        PropertyInfo? field = context.PropertyInfo?.AttributeProvider as PropertyInfo;
        if (field is not null)
            SpecificationLimits.Apply(field, schema);
        string? comment = field is not null
            ? Comments.GetValueOrDefault($"P:{field.DeclaringType!.FullName}.{field.Name}")
            : Comments.GetValueOrDefault($"T:{context.TypeInfo.Type.FullName}");
        if (comment is not null)
            schema.Insert(0, "description", comment);
        return schema;
    }

    private static bool IsNeeded(JsonPropertyInfo property) =>
        property.AttributeProvider is PropertyInfo field && SpecificationLimits.IsNeeded(field);

    /// <summary>Records that keep what they do not know, to say that it is unknown.</summary>
    private static bool IsContract(Type type) =>
        type.GetProperties().Any(property => property.IsDefined(typeof(JsonExtensionDataAttribute)));

    /// <summary>A comment's text on one line, with the marks of its code as in Markdown.</summary>
    private static string TextOf(XElement summary)
    {
        string text = string.Concat(summary.Nodes().Select(node => node switch
        {
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement { Name.LocalName: "see" } see => $"`{((string)see.Attribute("cref")!).Split('.')[^1]}`",
            XText plain => plain.Value,
            _ => "",
        }));
        return Spaces().Replace(text, " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
