using System.Text.Json;
using System.Text.RegularExpressions;
using Upweave.Tests.Schema;

namespace Upweave.Contracts.Tests;

/// <summary>The schema that editors and other languages get.</summary>
public sealed partial class SpecificationSchemaTests
{
    private const string File = "src/Contracts/Specification/job.schema.json";

    /// <summary>The file in the tree is what the contracts give now.</summary>
    [Fact]
    public void File_IsWhatIsGenerated()
    {
        string generated = Path.Combine(AppContext.BaseDirectory, "job.schema.json");
        System.IO.File.WriteAllText(generated, SpecificationSchema.Text);
        Assert.True(
            SpecificationSchema.Text == ContractJson.SpecificationSchema, $"{File} is not what the contracts give. hint: cp {generated} {File}");
    }

    [Theory]
    [InlineData("""{"version":1,"input":"data/a.npy","output":"results/b.zarr","layers":[{"preset":"bicubic","scale":[2,2]}]}""")]
    [InlineData("""
        {"version":1,"input":"d/s.zarr","output":"r/s.zarr","layers":[{"weights":"m/up.npz#w","bias":null,"strides":[2,2],"pads":[1,1,1,1],
        "output_padding":[0,0],"dilations":[1,1],"group":1,"auto_pad":"NOTSET","output_shape":null,"border":"zero",
        "activation":{"type":"leaky_relu","alpha":0.1}}],"network":null,"dtype":"float32","tile":null,"region":[[0,10],[5,20]],
        "algorithm":"auto","precision":"exact","format":{"compression":"zstd","chunk":[64,64]},"overwrite":false,"priority":0,"labels":{"a":"b"}}
        """)]
    public void Schema_RightSpecification_IsValid(string json)
    {
        Assert.True(Evaluate(json));
        List<Problem> problems = [];
        Assert.NotNull(ContractJson.ReadSpecification(System.Text.Encoding.UTF8.GetBytes(json), problems));
        Assert.Empty(problems);
    }

    [Theory]
    [InlineData("""{"version":1,"input":"a","output":"b","layers":[],"surprise":1}""")]
    [InlineData("""{"version":1,"input":"a","output":"b","layers":[{"stride":[2,2]}]}""")]
    [InlineData("""{"version":1,"input":"a","output":"b","layers":[{"activation":{"kind":"relu"}}]}""")]
    [InlineData("""{"version":1,"input":"a","output":"b","format":{"codec":"zstd"}}""")]
    [InlineData("""{"version":2,"input":"a","output":"b"}""")]
    [InlineData("""{"version":1,"output":"b"}""")]
    [InlineData("""{"version":1,"input":7,"output":"b"}""")]
    [InlineData("""{"version":1,"input":"a","output":"b","tile":"large"}""")]
    [InlineData("""{"version":1,"input":"a","output":"b","layers":{"preset":"bicubic"}}""")]
    [InlineData("""{"version":1,"input":null,"output":"b"}""")]
    [InlineData("""[]""")]
    public void Schema_WrongSpecification_IsNot(string json) => Assert.False(Evaluate(json));

    /// <summary>An editor shows what a field means.</summary>
    [Fact]
    public void Schema_Fields_AreExplained()
    {
        JsonElement properties = JsonElement.Parse(SpecificationSchema.Text).GetProperty("properties");
        Assert.Contains("`auto`, `direct`", properties.GetProperty("algorithm").GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.Contains(
            "ONNX's names", properties.GetProperty("layers").GetProperty("items").GetProperty("description").GetString(), StringComparison.Ordinal);
    }

    /// <summary>An editor shows the description beside what it offers: the two say the same.</summary>
    [Fact]
    public void Schema_EnumsAndDescriptions_Agree()
    {
        int compared = 0;
        foreach (JsonElement field in Fields(JsonElement.Parse(SpecificationSchema.Text)))
        {
            string description = field.GetProperty("description").GetString()!;
            Assert.NotEmpty(description);
            if (!field.TryGetProperty("enum", out JsonElement listed) || !description.StartsWith('`'))
                continue;
            compared++;
            Assert.All(
                listed.EnumerateArray().Where(value => value.ValueKind == JsonValueKind.String),
                value => Assert.Contains($"`{value}`", description, StringComparison.Ordinal));
        }

        Assert.Equal(7, compared);
    }

    /// <summary>What people copy, and what the test of the compose file sends.</summary>
    [Theory]
    [InlineData("README.md", 1)]
    [InlineData("docs", 0)]
    [InlineData("compose/run", 1)]
    public void Schema_SpecificationsOfTexts_AreValid(string place, int least)
    {
        string path = Path.Combine(AppContext.BaseDirectory, place);
        string[] files = Directory.Exists(path) ? Directory.GetFiles(path, "*", SearchOption.AllDirectories) : [path];
        string[] found = [.. files.SelectMany(file => Written().Matches(System.IO.File.ReadAllText(file))).Select(match => match.Groups["json"].Value)];
        Assert.True(found.Length >= least, $"{found.Length} specifications in {place}");
        Assert.All(found, json => JobSchema.AssertValid(json.Replace("$1", "x.npy").Replace("$2", "[8]")));
    }

    private static IEnumerable<JsonElement> Fields(JsonElement schema)
    {
        if (schema.TryGetProperty("items", out JsonElement items))
            return Fields(items);
        return schema.TryGetProperty("properties", out JsonElement properties)
            ? properties.EnumerateObject().SelectMany(field => Fields(field.Value).Prepend(field.Value))
            : [];
    }

    /// <summary>An object that begins with a version, up to what ends the block that it is in.</summary>
    [GeneratedRegex(@"^(?<json>\{ *""version"":.*?\})\s*^(```|END)", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Written();

    private static bool Evaluate(string json) => JobSchema.IsValid(json);
}
