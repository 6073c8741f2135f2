using System.Text;
using System.Text.Json;
using Upweave.Contracts;
using Upweave.Contracts.Specification;
using Upweave.Coordinator.Planning;
using Upweave.Planning;
using Upweave.Tests;

namespace Upweave.Coordinator.Tests.Planning;

/// <summary>Everything that is wrong with a specification, by its JSON: what is said, of which field, all at once.</summary>
public sealed class BadInputTests : IDisposable
{
    private const string Good = """
        "version": 1, "input": "s/in.npy", "output": "s/out.npy", "layers": [ { "weights": "s/w.npy", "strides": [2] } ]
        """;

    private readonly JobFolder folder = new();

    public BadInputTests()
    {
        folder.WriteNpy("in.npy", [2, 8, 6], Numbers.Floats(96));
        folder.WriteNpy("in1.npy", [9], Numbers.Floats(9));
        folder.WriteNpy("scalar.npy", [], Numbers.Floats(1));
        folder.WriteNpy("empty.npy", [2, 0, 6], []);
        folder.WriteNpy("w.npy", [2, 3, 4, 4], Numbers.Floats(96));
        folder.WriteNpy("flat.npy", [2, 3], Numbers.Floats(6));
        folder.WriteNpy("nan.npy", [2, 3, 1, 1], [1, 2, float.NaN, 4, 5, 6]);
        folder.WriteNpy("inf.npy", [3], [1, 2, float.PositiveInfinity]);
        folder.WriteNpy("objects.npy", "|O", [2, 8, 6], new byte[96 * 8]);
        folder.WriteNpy("taken.npy", [1], [1]);
        byte[] whole = File.ReadAllBytes(folder.FileOf("in.npy"));
        File.WriteAllBytes(folder.FileOf("truncated.npy"), whole[..^5]);
        File.WriteAllText(folder.FileOf("text.npy"), "not an array");
        Directory.CreateDirectory(folder.FileOf("folder.npy/sub"));
        File.WriteAllText(folder.FileOf("folder.npy/sub/file"), "keep me");
        File.WriteAllText(folder.FileOf("file.zarr"), "keep me");
    }

    [Theory]
    // What can be said without opening anything.
    [InlineData("", "version", "missing")]
    [InlineData("\"version\": 7", "version", "Version 7")]
    [InlineData("\"input\": null", "input", "missing")]
    [InlineData("\"output\": \" \"", "output", "missing")]
    [InlineData("\"layers\": []", "layers", "no layer")]
    [InlineData("\"layers\": null", "layers", "no layer")]
    [InlineData("\"layers\": [null]", "layers[0]", "null")]
    [InlineData("\"layers\": [{\"weights\":\"s/w.npy\"},{\"weights\":\"s/w.npy\"}]", "layers", "2 layers")]
    [InlineData("\"network\": \"s/net.onnx\"", "network", "not supported yet")]
    [InlineData("\"inptu\": 1", "inptu", "no such field")]
    [InlineData("\"layers\": [{\"weights\":\"s/w.npy\",\"stride\":2}]", "layers[0].stride", "no such field")]
    [InlineData("\"layers\": [{\"weights\":\"s/w.npy\",\"activation\":{\"type\":\"relu\",\"x\":2}}]", "layers[0].activation.x", "no such field")]
    [InlineData("\"format\": {\"level\": 3}", "format.level", "no such option")]
    [InlineData("\"format\": {\"tiles\": 3}", "format.tiles", "no such field")]
    [InlineData("\"format\": {\"zarr_format\": 3}", "format.zarr_format", "no such option")]
    [InlineData("\"output\": \"s/out.zarr\", \"format\": {\"zarr_format\": 1}", "format.zarr_format", "no zarr 1")]
    [InlineData("\"output\": \"s/out.zarr\", \"format\": {\"zarr_format\": 2, \"shard\": true}", "format.shard", "no such option")]
    [InlineData("\"output\": \"s/out.zarr\", \"format\": {\"pyramid\": true}", "format.pyramid", "no such option")]
    [InlineData("\"output\": \"s/out.zarr\", \"format\": {\"compression\": \"lz4\"}", "format.compression", "'lz4'")]
    [InlineData("\"output\": \"s/out.zarr\", \"format\": {\"compression\": \"gzip\", \"level\": 10}", "format.level", "level 10 of gzip")]
    [InlineData("\"output\": \"s/out.zarr\", \"format\": {\"compression\": \"none\", \"level\": 1}", "format.level", "level 1 of none")]
    [InlineData("\"output\": \"s/out.zarr\", \"format\": {\"chunk\": [0]}", "format.chunk", "[0] has 0")]
    [InlineData("\"output\": \"s/out.zarr\", \"format\": {\"chunk\": [1,2,3]}", "format.chunk", "3 numbers")]
    [InlineData("\"output\": \"s/out.zarr\", \"format\": {\"level\": 0}, \"input\": \"s/none.npy\"", "format.level", "level 0 of zstd")]
    [InlineData("\"algorithm\": \"winograd\"", "algorithm", "'winograd'")]
    [InlineData("\"layers\": [{\"weights\":\"s/w.npy\",\"strides\":[1]}], \"algorithm\": \"minimal\"", "algorithm", "no minimal algorithm")]
    [InlineData("\"precision\": \"half\"", "precision", "'half'")]
    // The layer's names.
    [InlineData("\"layers\": [{\"strides\":[2]}]", "layers[0]", "neither weights nor a preset")]
    [InlineData("\"layers\": [{\"weights\":\"s/w.npy\",\"scale\":[2]}]", "layers[0].scale", "preset only")]
    [InlineData("\"layers\": [{\"weights\":\"s/w.npy\",\"border\":\"wrap\"}]", "layers[0].border", "'wrap'")]
    [InlineData("\"layers\": [{\"weights\":\"s/w.npy\",\"auto_pad\":\"SAME\"}]", "layers[0].auto_pad", "'SAME'")]
    [InlineData("\"layers\": [{\"weights\":\"s/w.npy\",\"auto_pad\":\"VALID\",\"pads\":[1]}]", "layers[0].pads", "exclude each other")]
    [InlineData("\"layers\": [{\"weights\":\"s/w.npy\",\"output_shape\":[9,9],\"pads\":[1]}]", "layers[0].pads", "exclude each other")]
    [InlineData("\"layers\": [{\"weights\":\"s/w.npy\",\"activation\":{\"type\":\"gelu\"}}]", "layers[0].activation.type", "'gelu'")]
    [InlineData("\"layers\": [{\"weights\":\"s/w.npy\",\"activation\":{\"type\":\"relu\",\"alpha\":1}}]", "layers[0].activation.alpha", "leaky_relu only")]
    [InlineData("\"layers\": [{\"weights\":\"s/w.npy\",\"activation\":{\"type\":\"clip\",\"min\":2,\"max\":1}}]", "layers[0].activation", "above max")]
    [InlineData("\"layers\": [{\"weights\":\"s/w.npy\",\"activation\":{\"type\":\"clip\",\"max\":1e999}}]", "layers[0].activation", "finite")]
    [InlineData("\"layers\": [{\"weights\":\"s/w.npy\",\"activation\":{\"type\":\"prelu\"}}]", "layers[0].activation.slope", "goes with prelu")]
    [InlineData("\"layers\": [{\"weights\":\"s/w.npy\",\"activation\":{\"type\":\"relu\",\"slope\":\"s/inf.npy\"}}]", "layers[0].activation.slope", "prelu only")]
    // The layer's numbers.
    [InlineData("\"layers\": [{\"weights\":\"s/w.npy\",\"strides\":[0]}]", "layers[0].strides", "[0] has 0")]
    [InlineData("\"layers\": [{\"weights\":\"s/w.npy\",\"strides\":[-2,1]}]", "layers[0].strides", "-2")]
    [InlineData("\"layers\": [{\"weights\":\"s/w.npy\",\"strides\":[1,1,1]}]", "layers[0].strides", "3 numbers")]
    [InlineData("\"layers\": [{\"weights\":\"s/w.npy\",\"strides\":[]}]", "layers[0].strides", "0 numbers")]
    [InlineData("\"layers\": [{\"weights\":\"s/w.npy\",\"dilations\":[0]}]", "layers[0].dilations", "[0] has 0")]
    [InlineData("\"layers\": [{\"weights\":\"s/w.npy\",\"pads\":[1,1]}]", "layers[0].pads", "2 numbers")]
    [InlineData("\"layers\": [{\"weights\":\"s/w.npy\",\"strides\":[2],\"output_padding\":[2]}]", "layers[0].output_padding", "Output padding 2 on axis 0")]
    [InlineData("\"layers\": [{\"weights\":\"s/w.npy\",\"output_padding\":[-1]}]", "layers[0].output_padding", "-1")]
    [InlineData("\"layers\": [{\"weights\":\"s/w.npy\",\"pads\":[9]}]", "layers[0].pads", "would be empty")]
    [InlineData("\"layers\": [{\"weights\":\"s/w.npy\",\"output_shape\":[0,5]}]", "layers[0].output_shape", "0")]
    [InlineData("\"layers\": [{\"weights\":\"s/w.npy\",\"group\":0}]", "layers[0].group", "0 does not divide")]
    [InlineData("\"layers\": [{\"weights\":\"s/w.npy\",\"group\":3}]", "layers[0].group", "3 does not divide the 2")]
    [InlineData("\"layers\": [{\"weights\":\"s/w.npy\",\"strides\":[1099511627776]}]", "layers[0]", "longer than")]
    [InlineData("\"layers\": [{\"weights\":\"s/w.npy\",\"strides\":[1000000000]}]", "", "64 bits")]
    // The arrays behind the references.
    [InlineData("\"input\": \"s/none.npy\"", "input", "s/none.npy")]
    [InlineData("\"input\": \"t/in.npy\"", "input", "t/in.npy")]
    [InlineData("\"input\": \"s/../in.npy\"", "input", "..")]
    [InlineData("\"input\": \"s/truncated.npy\"", "input", "truncated.npy")]
    [InlineData("\"input\": \"s/objects.npy\"", "input", "objects.npy")]
    [InlineData("\"input\": \"s/text.npy\"", "input", "text.npy")]
    [InlineData("\"input\": \"s/empty.npy\"", "input", "empty.npy")]
    [InlineData("\"input\": \"s/in1.npy\"", "input", "does not fit a layer with 2 spatial axes")]
    [InlineData("\"layers\": [{\"weights\":\"s/none.npy\"}]", "layers[0].weights", "s/none.npy")]
    [InlineData("\"layers\": [{\"weights\":\"s/flat.npy\"}]", "layers[0].weights", "[2,3]")]
    [InlineData("\"layers\": [{\"weights\":\"s/nan.npy\"}]", "layers[0].weights", "flat index 2")]
    [InlineData("\"layers\": [{\"weights\":\"s/w.npy\",\"bias\":\"s/inf.npy\"}]", "layers[0].bias", "flat index 2")]
    [InlineData("\"layers\": [{\"weights\":\"s/w.npy\",\"bias\":\"s/in1.npy\"}]", "layers[0].bias", "3 output channels")]
    [InlineData("\"layers\": [{\"weights\":\"s/w.npy\",\"activation\":{\"type\":\"prelu\",\"slope\":\"s/inf.npy\"}}]", "layers[0].activation.slope", "index 2")]
    [InlineData("\"layers\": [{\"weights\":\"s/w.npy\",\"activation\":{\"type\":\"prelu\",\"slope\":\"s/in1.npy\"}}]", "layers[0].activation.slope", "3 output channels")]
    [InlineData("\"layers\": [{\"weights\":\"s/none.npy\",\"activation\":{\"type\":\"prelu\",\"slope\":\"s/gone.npy\"}}]", "layers[0].activation.slope", "s/gone.npy")]
    [InlineData("\"input\": \"s/w.npy\"", "layers[0].weights", "2 input channels")]
    // Presets.
    [InlineData("\"layers\": [{\"preset\":\"cubic\",\"scale\":[2,2]}]", "layers[0].preset", "'cubic'")]
    [InlineData("\"layers\": [{\"preset\":\"linear\"}]", "layers[0].scale", "needs its scale")]
    [InlineData("\"layers\": [{\"preset\":\"linear\",\"scale\":[2]}]", "layers[0].scale", "One factor")]
    [InlineData("\"layers\": [{\"preset\":\"linear\",\"scale\":[0,2]}]", "layers[0].scale", "[0,2]")]
    [InlineData("\"layers\": [{\"preset\":\"linear\",\"scale\":[65,2]}]", "layers[0].scale", "above 64")]
    [InlineData("\"layers\": [{\"preset\":\"linear\",\"scale\":[2,2,2,2]}]", "layers[0].scale", "4 factors")]
    [InlineData("\"layers\": [{\"preset\":\"linear\",\"scale\":[2,2],\"strides\":[2]}]", "layers[0].strides", "its own strides")]
    [InlineData("\"input\": \"s/scalar.npy\", \"layers\": [{\"preset\":\"linear\",\"scale\":[2]}]", "input", "scalar.npy")]
    // The output.
    [InlineData("\"output\": \"s/out.gif\"", "output", "'s/out.gif'")]
    [InlineData("\"output\": \"s/out.jpg\"", "output", "JPEG holds uint8, not float32")]
    [InlineData("\"output\": \"t/out.npy\"", "output", "t/out.npy")]
    [InlineData("\"output\": \"s/taken.npy\"", "output", "exists")]
    [InlineData("\"output\": \"s/in.npy\"", "output", "is the input")]
    [InlineData("\"output\": \"s/folder.npy\"", "output", "folder")]
    [InlineData("\"output\": \"s/file.zarr\"", "output", "is a file")]
    [InlineData("\"output\": \"s/out.tif\", \"dtype\": \"bool\"", "output", "TIFF has no bool")]
    [InlineData("\"output\": \"s/out.ome.tif\", \"dtype\": \"float16\"", "output", "OME-TIFF has no float16")]
    [InlineData("\"dtype\": \"float8\"", "dtype", "'float8'")]
    [InlineData("\"tile\": [0]", "tile", "[0] has 0")]
    [InlineData("\"tile\": [1,2,3]", "tile", "3 numbers")]
    [InlineData("\"region\": [[0,5]]", "region", "each of the 2")]
    [InlineData("\"region\": [null,null]", "region", "each of the 2")]
    [InlineData("\"region\": [[0,5],[3,3]]", "region", "3:3 on axis 1")]
    [InlineData("\"region\": [[0,19],[0,3]]", "region", "0:18")]
    [InlineData("\"region\": [[-1,5],[0,3]]", "region", "-1:5")]
    public async Task PlanAsync_OneMistake_IsSaidOfItsField(string mistake, string field, string message)
    {
        IReadOnlyList<Problem> problems = await ProblemsAsync(mistake);
        Assert.Contains(problems, problem => problem.Field == field && problem.Message.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task PlanAsync_ManyMistakes_AreSaidAtOnce()
    {
        IReadOnlyList<Problem> problems = await ProblemsAsync(
            "\"version\": 3, \"color\": 1, \"input\": \"s/none.npy\", \"output\": \"s/taken.npy\", \"dtype\": \"real\", \"precision\": \"half\","
            + "\"layers\": [{\"weights\":\"s/w.npy\",\"bias\":\"s/inf.npy\",\"strides\":[0],\"dilations\":[-1],\"border\":\"wrap\","
            + "\"activation\":{\"type\":\"gelu\"}}]");
        string[] expected =
        [
            "version", "color", "input", "output", "dtype", "precision", "layers[0].bias", "layers[0].strides", "layers[0].dilations",
            "layers[0].border", "layers[0].activation.type",
        ];
        Assert.Equal(expected.Order(), problems.Select(problem => problem.Field).Order());
    }

    [Fact]
    public async Task PlanAsync_WeightsMissing_StillChecksTheOtherNumbers()
    {
        IReadOnlyList<Problem> problems = await ProblemsAsync(
            "\"layers\": [{\"weights\":\"s/none.npy\",\"strides\":[0,2],\"output_padding\":[-1]}]");
        Assert.Equal(
            ["layers[0].output_padding", "layers[0].strides", "layers[0].weights"], problems.Select(problem => problem.Field).Order());
    }

    [Fact]
    public async Task PlanAsync_TileBeyondTheBudget_SaysBoth()
    {
        JobSpecification specification = Read("\"tile\": [18,14]");
        PlanResult result = await Plans.Planner(folder, options => options.WorkerMemoryBytes = 30_000)
            .PlanAsync(specification, TestContext.Current.CancellationToken);
        Problem problem = Assert.Single(result.Problems);
        Assert.Equal("tile", problem.Field);
        Assert.Contains("30000 bytes", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PlanAsync_WeightsBeyondTheBudget_IsRefused()
    {
        PlanResult result = await Plans.Planner(folder, options => options.WorkerMemoryBytes = 100)
            .PlanAsync(Read(""), TestContext.Current.CancellationToken);
        Assert.Equal("tile", Assert.Single(result.Problems).Field);
    }

    [Fact]
    public async Task PlanAsync_ClaimedByAnotherPlan_NamesIt()
    {
        Contracts.Plans.JobPlan plan = await Plans.MakeAsync(folder, Read(""));
        Assert.True(await PlanStore.ClaimAsync(folder.Place("out.npy"), plan, TestContext.Current.CancellationToken));
        Problem problem = Assert.Single(await ProblemsAsync("\"dtype\": \"float16\""));
        Assert.Equal("output", problem.Field);
        Assert.Contains(plan.Hash, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PlanAsync_BadInput_WritesNothing()
    {
        string[] before = folder.Files;
        await ProblemsAsync("\"output\": \"s/taken.npy\"");
        Assert.Equal(before, folder.Files);
    }

    public void Dispose() => folder.Dispose();

    private async Task<IReadOnlyList<Problem>> ProblemsAsync(string mistake)
    {
        PlanResult result = await Plans.Planner(folder).PlanAsync(Read(mistake, withVersion: mistake.Length > 0), TestContext.Current.CancellationToken);
        Assert.Null(result.Plan);
        Assert.NotEmpty(result.Problems);
        return result.Problems;
    }

    /// <summary>The good specification with fields replaced.</summary>
    private static JobSpecification Read(string mistake, bool withVersion = true)
    {
        Dictionary<string, JsonElement> fields = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>("{" + Good + "}")!;
        if (!withVersion)
            fields.Remove("version");
        foreach ((string name, JsonElement value) in JsonSerializer.Deserialize<Dictionary<string, JsonElement>>("{" + mistake + "}")!)
        {
            fields[name] = value;
        }

        List<Problem> problems = [];
        JobSpecification? read = ContractJson.ReadSpecification(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(fields)), problems);
        Assert.Empty(problems);
        return read!;
    }
}
