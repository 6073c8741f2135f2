using System.Text;
using System.Text.Json.Nodes;
using Upweave.Contracts;
using Upweave.Contracts.Specification;
using Upweave.Coordinator.Planning;
using Upweave.Tests;
using Upweave.Tests.Schema;

namespace Upweave.Coordinator.Tests.Planning;

/// <summary>What the JSON Schema allows and refuses of single fields, the planner allows and refuses too.</summary>
public sealed class SchemaAgreementTests : IDisposable
{
    private const string OfPreset = """{"version":1,"input":"s/in.npy","output":"s/out.zarr","layers":[{"preset":"linear","scale":[2,2]}]}""";
    private const string OfWeights = """{"version":1,"input":"s/in.npy","output":"s/out.npy","layers":[{"weights":"s/w.npy"}]}""";

    private readonly JobFolder folder = new();

    public SchemaAgreementTests()
    {
        folder.WriteNpy("in.npy", [8, 6], Numbers.Floats(48));
        folder.WriteNpy("w.npy", [1, 1, 4, 4], Numbers.Floats(16));
        folder.WriteNpy("slope.npy", [1], Numbers.Floats(1));
    }

    [Fact]
    public async Task Enum_EachValue_IsAcceptedByBoth()
    {
        int values = 0;
        foreach ((string field, IReadOnlyList<JsonNode?> listed) in SchemaLimits.Enums())
        {
            foreach (JsonNode? value in listed)
            {
                string json = With(field, value);
                Assert.True(JobSchema.IsValid(json), json);
                IReadOnlyList<Problem> problems = await PlanAsync(json);
                Assert.True(problems.Count == 0, $"{json}\n{string.Join('\n', problems)}");
                values++;
            }
        }

        Assert.True(values > 45, $"Only {values} values were found.");
    }

    [Fact]
    public async Task Enum_AnotherValue_IsRefusedByBoth()
    {
        int fields = 0;
        foreach ((string field, IReadOnlyList<JsonNode?> listed) in SchemaLimits.Enums())
        {
            await AssertRefusedAsync(field, listed[0]!.GetValueKind() == System.Text.Json.JsonValueKind.Number ? 99 : "surprise");
            fields++;
        }

        Assert.Equal(9, fields);
    }

    [Fact]
    public async Task Bound_Crossed_IsRefusedByBoth()
    {
        List<string> limits = [];
        foreach ((string field, string limit, JsonNode value) in SchemaLimits.Beyond())
        {
            await AssertRefusedAsync(field, value);
            limits.Add($"{field} {limit}");
        }

        Assert.True(limits.Count > 40, string.Join('\n', limits));
        Assert.Contains("priority maximum", limits);
        Assert.Contains("layers maxItems", limits);
        Assert.Contains("region items.minItems", limits);
        Assert.Contains("layers[0].pads items.minimum", limits);
    }

    /// <summary>The bounds are the planner's, not tighter: what is just inside is planned.</summary>
    [Theory]
    [InlineData("priority", "-100")]
    [InlineData("priority", "100")]
    [InlineData("layers[0].scale", "[64]")]
    [InlineData("layers[0].scale", "[1,1]")]
    [InlineData("layers[0].pads", "[-1000,0,0,-1000]")]
    [InlineData("format.level", "1")]
    [InlineData("format.level", "22")]
    [InlineData("format.chunk", "[1]")]
    [InlineData("format.chunk", "[1099511627776,1]")]
    [InlineData("tile", "[1099511627776]")]
    [InlineData("region", "[[0,1],[11,12]]")]
    [InlineData("output", "\"s/OUT.NPY\"")]
    [InlineData("output", "\"s/a.OmE.tiFF\"")]
    [InlineData("labels", "{\"a\":\"b\"}")]
    public async Task Bound_Reached_IsAcceptedByBoth(string field, string value)
    {
        string json = With(field, JsonNode.Parse(value));
        Assert.True(JobSchema.IsValid(json), json);
        Assert.Empty(await PlanAsync(json));
    }

    [Theory]
    [InlineData("version", "2")]
    [InlineData("version", "null")]
    [InlineData("input", "null")]
    [InlineData("input", "\" \"")]
    [InlineData("output", "\"\"")]
    [InlineData("output", "\"s/out.xyz\"")]
    [InlineData("output", "\"s/out.npy.gz\"")]
    [InlineData("output", "\"s/outnpy\"")]
    [InlineData("layers", "null")]
    [InlineData("network", "\"s/net.onnx\"")]
    [InlineData("layers[0].activation.type", "null")]
    [InlineData("colour", "3")]
    [InlineData("layers[0].colour", "3")]
    [InlineData("layers[0].activation.colour", "3")]
    [InlineData("format.colour", "3")]
    public Task Field_OtherwiseWrong_IsRefusedByBoth(string field, string value) => AssertRefusedAsync(field, JsonNode.Parse(value));

    [Theory]
    [InlineData("version")]
    [InlineData("input")]
    [InlineData("output")]
    [InlineData("layers")]
    public async Task Field_Missing_IsRefusedByBoth(string field)
    {
        JsonObject job = JsonNode.Parse(OfPreset)!.AsObject();
        job.Remove(field);
        Assert.False(JobSchema.IsValid(job.ToJsonString()));
        Assert.Contains(await PlanAsync(job.ToJsonString()), problem => problem.Field == field);
    }

    public void Dispose() => folder.Dispose();

    private async Task AssertRefusedAsync(string field, JsonNode? value)
    {
        string json = With(field, value?.DeepClone());
        Assert.False(JobSchema.IsValid(json), json);
        IReadOnlyList<Problem> problems = await PlanAsync(json);
        Assert.True(
            problems.Any(problem => problem.Field.StartsWith(field, StringComparison.Ordinal)), $"{json}\n{string.Join('\n', problems)}");
    }

    private async Task<IReadOnlyList<Problem>> PlanAsync(string json)
    {
        List<Problem> problems = [];
        JobSpecification? specification = ContractJson.ReadSpecification(Encoding.UTF8.GetBytes(json), problems);
        if (specification is null)
            return problems;
        PlanResult result = await Plans.Planner(folder).PlanAsync(specification, TestContext.Current.CancellationToken);
        return result.Problems;
    }

    /// <summary>A specification that is right but for this field, if that is wrong.</summary>
    private static string With(string field, JsonNode? value)
    {
        bool isPresets = field is "layers[0].scale" or "layers[0].border" || (field == "layers[0].preset" && value is not null);
        JsonObject job = JsonNode.Parse(field.StartsWith("layers[0]", StringComparison.Ordinal) && !isPresets ? OfWeights : OfPreset)!.AsObject();
        if (field == "format.compression" && (string?)value == "deflate")
            job["output"] = "s/out.tif";
        JsonObject at = job;
        string[] steps = field.Split('.');
        foreach (string step in steps[..^1])
        {
            at = step == "layers[0]" ? at["layers"]![0]!.AsObject() : (at[step] ??= new JsonObject()).AsObject();
        }

        if (field == "format.level")
            at["compression"] = "zstd";
        if (field == "layers[0].activation.colour")
            at["type"] = "relu";
        if (field == "layers[0].activation.type" && (string?)value == "prelu")
            at["slope"] = "s/slope.npy";
        at[steps[^1]] = value?.DeepClone();
        return job.ToJsonString();
    }
}
