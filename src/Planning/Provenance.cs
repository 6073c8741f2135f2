using System.Text.Json;
using System.Text.Json.Nodes;
using Upweave.Contracts;
using Upweave.Contracts.Plans;

namespace Upweave.Planning;

/// <summary>What a result says of how it was made: enough to make it again, and to tell whether the input is still the same.</summary>
public static class Provenance
{
    /// <summary>An object in JSON; a pure function of the plan.</summary>
    public static string Of(JobPlan plan) => new JsonObject
    {
        ["software"] = plan.Software,
        ["plan"] = plan.Hash,
        ["arithmetic"] = plan.Arithmetic,
        ["precision"] = plan.Precision,
        ["algorithms"] = new JsonArray([.. plan.Layers.Select(layer => JsonValue.Create(layer.Algorithm))]),
        ["input_identity"] = plan.Input.Identity,
        ["specification"] = JsonSerializer.SerializeToNode(plan.Specification, ContractJson.Options),
    }.ToJsonString();
}
