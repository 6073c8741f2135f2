using System.Text;
using System.Text.Json;
using Upweave.Contracts.Specification;

namespace Upweave.Contracts.Tests;

/// <summary>The specification's names are a wire contract: the JSON here is literal on purpose.</summary>
public sealed class SpecificationJsonTests
{
    private const string Everything = """
        { "version": 1, "input": "data/slide.zarr", "output": "results/slide-2x.zarr",
          "layers": [ { "weights": "models/up.npz#w", "bias": "models/up.npz#b", "preset": "bicubic", "scale": [2,3],
                        "strides": [2,2], "pads": [1,1,1,1], "output_padding": [0,0], "dilations": [1,1], "group": 1,
                        "auto_pad": "NOTSET", "output_shape": [7,8], "border": "zero",
                        "activation": { "type": "leaky_relu", "alpha": 0.1, "slope": "models/up.npz#a", "min": -1.5, "max": 2.5 } } ],
          "network": null, "dtype": "float32", "tile": [5,6], "region": [[0,512],[100,300]], "algorithm": "auto",
          "precision": "exact", "format": {}, "overwrite": false, "priority": 0, "labels": { "who": "me" } }
        """;

    [Fact]
    public void ReadSpecification_EveryField_IsUnderstood()
    {
        JobSpecification read = Read(Everything);
        Assert.Equal(1, read.Version);
        Assert.Equal("data/slide.zarr", read.Input);
        Assert.Equal("results/slide-2x.zarr", read.Output);
        Assert.Null(read.Network);
        Assert.Equal("float32", read.Dtype);
        Assert.Equal([5, 6], read.Tile!);
        Assert.Equal([[0, 512], [100, 300]], read.Region!);
        Assert.Equal(("auto", "exact", false, 0), (read.Algorithm, read.Precision, read.Overwrite, read.Priority));
        Assert.Equal(new FormatSpecification(), read.Format);
        Assert.Equal("me", read.Labels!["who"]);
        LayerSpecification layer = Assert.Single(read.Layers!);
        Assert.Equal(("models/up.npz#w", "models/up.npz#b", "bicubic"), (layer.Weights, layer.Bias, layer.Preset));
        Assert.Equal([2, 3], layer.Scale!);
        Assert.Equal([2, 2], layer.Strides!);
        Assert.Equal([1, 1, 1, 1], layer.Pads!);
        Assert.Equal([0, 0], layer.OutputPadding!);
        Assert.Equal([1, 1], layer.Dilations!);
        Assert.Equal((1L, "NOTSET", "zero"), (layer.Group, layer.AutoPad, layer.Border));
        Assert.Equal([7, 8], layer.OutputShape!);
        ActivationSpecification activation = layer.Activation!;
        Assert.Equal(("leaky_relu", 0.1, -1.5, 2.5), (activation.Type, activation.Alpha, activation.Minimum, activation.Maximum));
        Assert.Equal("models/up.npz#a", activation.Slope);
        Assert.Null(read.Unknown);
        Assert.Null(layer.Unknown);
        Assert.Null(activation.Unknown);
    }

    [Fact]
    public void Serialize_EveryField_GivesTheSameJson()
    {
        string written = JsonSerializer.Serialize(Read(Everything), ContractJson.Options);
        string expected = Everything.Replace("\"network\": null, ", "", StringComparison.Ordinal);
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(expected).RootElement, JsonDocument.Parse(written).RootElement), written);
    }

    [Fact]
    public void ReadSpecification_UnknownFields_AreKeptWhereTheyAre()
    {
        JobSpecification read = Read("""{ "inptu": 1, "layers": [ { "stride": 2, "activation": { "slopes": 3 } } ] }""");
        Assert.Equal(["inptu"], read.Unknown!.Keys);
        Assert.Equal(["stride"], read.Layers![0].Unknown!.Keys);
        Assert.Equal(["slopes"], read.Layers[0].Activation!.Unknown!.Keys);
    }

    [Theory]
    [InlineData("{\n\"version\": \"one\" }", "version", 2)]
    [InlineData("{\n\n\"layers\": [ { \"strides\": [1.5] } ] }", "layers[0].strides[0]", 3)]
    [InlineData("{ \"tile\": 5 }", "tile", 1)]
    [InlineData("{ \"labels\": { \"a\": 1 } }", "labels.a", 1)]
    [InlineData("{ \"overwrite\": \"yes\" }", "overwrite", 1)]
    [InlineData("{ \"input\": ", "input", 1)]
    [InlineData("", "", 1)]
    [InlineData("[]", "", 1)]
    public void ReadSpecification_WrongType_IsOneProblemWithItsPlace(string json, string path, int line)
    {
        List<Problem> problems = [];
        Assert.Null(ContractJson.ReadSpecification(Encoding.UTF8.GetBytes(json), problems));
        Problem problem = Assert.Single(problems);
        Assert.Equal(path, problem.Field);
        Assert.Contains($"at line {line}:", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadSpecification_Null_IsAProblem()
    {
        List<Problem> problems = [];
        Assert.Null(ContractJson.ReadSpecification("null"u8, problems));
        Assert.Single(problems);
    }

    [Fact]
    public void ReadSpecification_Oversized_IsRefusedUnread()
    {
        byte[] json = new byte[ContractJson.SpecificationBytesMax + 1];
        Array.Fill(json, (byte)' ');
        "{}"u8.CopyTo(json);
        List<Problem> problems = [];
        Assert.Null(ContractJson.ReadSpecification(json, problems));
        Assert.Contains("1048577", Assert.Single(problems).Message, StringComparison.Ordinal);

        problems.Clear();
        Assert.NotNull(ContractJson.ReadSpecification(json.AsSpan(..^1), problems));
        Assert.Empty(problems);
    }

    [Fact]
    public void Hash_HowItIsRun_DoesNotCount()
    {
        JobSpecification one = Read(Everything);
        JobSpecification other = one with { Labels = null, Priority = 9, Overwrite = true };
        Assert.Equal(ContractJson.Hash(one), ContractJson.Hash(other));
        Assert.Equal(64, ContractJson.Hash(one).Length);
    }

    [Theory]
    [InlineData("\"version\": 1", "\"version\": 2")]
    [InlineData("slide.zarr", "slide2.zarr")]
    [InlineData("slide-2x.zarr", "slide-4x.zarr")]
    [InlineData("up.npz#w", "up.npz#w2")]
    [InlineData("up.npz#b", "up.npz#b2")]
    [InlineData("bicubic", "nearest")]
    [InlineData("\"scale\": [2,3]", "\"scale\": [2,2]")]
    [InlineData("\"strides\": [2,2]", "\"strides\": [2,1]")]
    [InlineData("[1,1,1,1]", "[1,1,1,2]")]
    [InlineData("\"output_padding\": [0,0]", "\"output_padding\": [0,1]")]
    [InlineData("\"dilations\": [1,1]", "\"dilations\": [1,2]")]
    [InlineData("\"group\": 1", "\"group\": 2")]
    [InlineData("NOTSET", "VALID")]
    [InlineData("[7,8]", "[8,7]")]
    [InlineData("\"border\": \"zero\"", "\"border\": \"replicate\"")]
    [InlineData("leaky_relu", "relu")]
    [InlineData("0.1", "0.2")]
    [InlineData("-1.5", "-1.25")]
    [InlineData("2.5", "2.75")]
    [InlineData("\"network\": null", "\"network\": {}")]
    [InlineData("\"dtype\": \"float32\"", "\"dtype\": \"float16\"")]
    [InlineData("[5,6]", "[6,5]")]
    [InlineData("[100,300]", "[100,301]")]
    [InlineData("\"auto\"", "\"direct\"")]
    [InlineData("\"exact\"", "\"fast\"")]
    [InlineData("\"format\": {}", "\"format\": { \"level\": 3 }")]
    public void Hash_WhatIsAsked_Counts(string part, string other)
    {
        Assert.Contains(part, Everything, StringComparison.Ordinal);
        string changed = Everything.Replace(part, other, StringComparison.Ordinal);
        Assert.NotEqual(ContractJson.Hash(Read(Everything)), ContractJson.Hash(Read(changed)));
    }

    private static JobSpecification Read(string json)
    {
        List<Problem> problems = [];
        JobSpecification? read = ContractJson.ReadSpecification(Encoding.UTF8.GetBytes(json), problems);
        Assert.Empty(problems);
        return read!;
    }
}
