using System.Text.Json;
using Json.Schema;
using Upweave.Contracts;
using Upweave.Contracts.Specification;

namespace Upweave.Tests.Schema;

/// <summary>The JSON Schema that others get, by a validator that knows nothing of jobs.</summary>
internal static class JobSchema
{
    private static readonly JsonSchema Schema = JsonSchema.FromText(ContractJson.SpecificationSchema);

    /// <summary>As the coordinator reads them.</summary>
    private static readonly JsonDocumentOptions Reading = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static bool IsValid(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json, Reading);
        return Schema.Evaluate(document.RootElement).IsValid;
    }

    /// <summary>A specification that a test uses as a right one.</summary>
    /// <returns>The same.</returns>
    public static string AssertValid(string json)
    {
        Assert.True(IsValid(json), $"The schema refuses {json}");
        return json;
    }

    public static void AssertValid(JobSpecification specification) =>
        AssertValid(JsonSerializer.Serialize(specification, ContractJson.Options));
}
