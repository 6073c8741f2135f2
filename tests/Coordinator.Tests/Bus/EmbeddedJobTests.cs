using System.Runtime.InteropServices;
using Upweave.Contracts.Messages;
using Upweave.Contracts.Plans;
using Upweave.Contracts.Specification;
using Upweave.Storage.Arrays;
using Upweave.Tests;
using Upweave.Tiling;

namespace Upweave.Coordinator.Tests.Bus;

/// <summary>Whole jobs over the bus; every element is compared with the definition.</summary>
public sealed class EmbeddedJobTests : IDisposable
{
    private static readonly Guid Job = new("0f8fad5b-d9cb-469f-a165-70867728950e");
    private readonly JobFolder folder = new();

    public static TheoryData<string, long[], long[], long[]?, string> Cases => new()
    {
        { "two dimensions, groups, bias", [4, 9, 11], [4, 3, 3, 3], [6], """{"strides":[2,3],"pads":[1,0,1,2],"group":2}""" },
        { "batch, dilation, activation", [3, 2, 7, 5], [2, 4, 2, 3], null, """{"strides":[2,1],"dilations":[2,3],"activation":{"type":"leaky_relu","alpha":0.25}}""" },
        { "one dimension, output padding", [2, 37], [2, 2, 5], [2], """{"strides":[3],"output_padding":[2]}""" },
        { "three dimensions, no channel axis", [5, 6, 7], [1, 1, 3, 3, 3], null, """{"strides":[2,2,2],"pads":[1],"border":"replicate"}""" },
        { "gaps between kernels, extended by pads", [1, 6, 5], [1, 2, 1, 1], [2], """{"strides":[4,3],"pads":[-2,-1,-3,0]}""" },
        { "output shape", [1, 6, 5], [1, 1, 4, 4], null, """{"strides":[2,2],"output_shape":[13,9],"auto_pad":"SAME_UPPER"}""" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Submit_Layer_EqualsTheDefinition(string name, long[] input, long[] weights, long[]? bias, string layer)
    {
        Assert.NotEmpty(name);
        float[] values = Numbers.Floats(Dims.Create(input).Volume);
        float[] taps = Numbers.Floats(Dims.Create(weights).Volume, seed: 2);
        float[] offsets = bias is null ? [] : Numbers.Floats(bias[0], seed: 3);
        folder.WriteNpy("in.npy", Dims.Create(input), values);
        folder.WriteNpy("w.npy", Dims.Create(weights), taps);
        if (bias is not null)
            folder.WriteNpy("b.npy", Dims.Create(bias), offsets);
        LayerSpecification parsed = System.Text.Json.JsonSerializer.Deserialize<LayerSpecification>(layer, Contracts.ContractJson.Options)!
            with { Weights = "s/w.npy", Bias = bias is null ? null : "s/b.npy" };
        foreach (string output in new[] { "out.npy", "out.zarr" })
        {
            JobSpecification specification = Plans.Weights("s/in.npy", "s/" + output, parsed) with { Tile = [4] };
            await CheckAsync(specification, output, plan => Oracle.Compute(plan, values, taps, offsets));
        }
    }

    /// <summary>Pages of one plane each, or one page of planes side by side: in the order of the array.</summary>
    [Theory]
    [InlineData("out.tif", new long[] { 4, 20, 30 }, new long[] { 4, 5, 3, 3 })]
    [InlineData("out.tif", new long[] { 2, 3, 20, 30 }, new long[] { 3, 20, 3, 3 })]
    [InlineData("out.tif", new long[] { 5, 10, 20 }, new long[] { 1, 1, 3, 3, 3 })]
    [InlineData("out.ome.tif", new long[] { 2, 3, 20, 30 }, new long[] { 3, 2, 3, 3 })]
    [InlineData("out.ome.tif", new long[] { 2, 2, 3, 10, 20 }, new long[] { 2, 3, 3, 3, 3 })]
    public async Task Submit_Tiff_EqualsTheDefinition(string output, long[] input, long[] weights)
    {
        float[] values = Numbers.Floats(Dims.Create(input).Volume);
        float[] taps = Numbers.Floats(Dims.Create(weights).Volume, seed: 2);
        folder.WriteNpy("in.npy", Dims.Create(input), values);
        folder.WriteNpy("w.npy", Dims.Create(weights), taps);
        LayerSpecification layer = new() { Weights = "s/w.npy", Strides = [2] };
        JobSpecification specification = Plans.Weights("s/in.npy", "s/" + output, layer) with { Tile = [16] };
        await CheckAsync(specification, output, plan => Oracle.Compute(plan, values, taps, []));
    }

    [Theory]
    [InlineData("out.npy", null, "direct")]
    [InlineData("out.npy", "minimal", "minimal")]
    [InlineData("out.zarr", "minimal", "minimal")]
    public async Task Submit_Algorithm_EqualsItsDefinition(string output, string? algorithm, string planned)
    {
        float[] values = Numbers.Floats(6 * 19 * 23);
        float[] taps = Numbers.Floats(6 * 5 * 4 * 4, seed: 2);
        values[700] = float.PositiveInfinity;
        folder.WriteNpy("in.npy", [6, 19, 23], values);
        folder.WriteNpy("w.npy", [6, 5, 4, 4], taps);
        LayerSpecification layer = new() { Weights = "s/w.npy", Strides = [2], Pads = [1] };
        // Tiles of 7 rows begin and end within cells of 4.
        JobSpecification specification = Plans.Weights("s/in.npy", "s/" + output, layer) with { Tile = [7], Algorithm = algorithm };
        await CheckAsync(specification, output, plan =>
        {
            Assert.Equal(planned, plan.Layers[0].Algorithm);
            return Oracle.Compute(plan, values, taps, []);
        });
    }

    [Theory]
    [InlineData("PyTorch's slope per channel", 3L)]
    [InlineData("ONNX's slope per channel", 3L, 1L, 1L)]
    [InlineData("one slope", 1L)]
    public async Task Submit_PRelu_EqualsTheDefinition(string name, params long[] shape)
    {
        Assert.NotEmpty(name);
        float[] values = Numbers.Floats(2 * 9 * 11);
        float[] taps = Numbers.Floats(2 * 3 * 4 * 4, seed: 2);
        float[] slopes = Numbers.Floats(shape[0], seed: 3);
        folder.WriteNpy("in.npy", [2, 9, 11], values);
        folder.WriteNpy("w.npy", [2, 3, 4, 4], taps);
        folder.WriteNpy("a.npy", Dims.Create(shape), slopes);
        LayerSpecification layer = new() { Weights = "s/w.npy", Strides = [2], Activation = new() { Type = "prelu", Slope = "s/a.npy" } };
        JobSpecification specification = Plans.Weights("s/in.npy", "s/out.npy", layer) with { Tile = [5] };
        await CheckAsync(specification, "out.npy", plan => Oracle.Compute(plan, values, taps, [], slopes));
    }

    [Theory]
    [InlineData("out.npy", "bicubic", "replicate")]
    [InlineData("out.zarr", "lanczos3", "zero")]
    [InlineData("out.zarr", "linear", null)]
    public async Task Submit_PresetAndRegion_EqualsTheDefinition(string output, string preset, string? border)
    {
        float[] values = Numbers.Floats(3 * 20 * 17);
        folder.WriteNpy("in.npy", [3, 20, 17], values);
        JobSpecification specification = Plans.Nearest("s/in.npy", "s/" + output, [8, 8]) with
        {
            Layers = [new() { Preset = preset, Scale = [2, 3], Border = border }],
            Region = [[3, 38], [0, 45]],
        };
        await CheckAsync(specification, output, plan => Oracle.Compute(plan, values, null, []));
    }

    [Fact]
    public async Task Submit_BytesIn_RoundsToNearestEvenAndSaturates()
    {
        byte[] pixels = Numbers.Bytes(12 * 10);
        folder.WriteNpy("in.npy", "|u1", [12, 10], pixels);
        JobSpecification specification = Plans.Nearest("s/in.npy", "s/out.npy", [6, 20]) with { Layers = [new() { Preset = "bicubic", Scale = [2, 2] }] };
        JobPlan plan = await Plans.MakeAsync(folder, specification);
        await RunAsync(specification);
        float[] exact = Oracle.Compute(plan, [.. pixels.Select(pixel => (float)pixel)], null, []);
        byte[] expected = [.. exact.Select(value => (byte)Math.Clamp(MathF.Round(value, MidpointRounding.ToEven), 0, 255))];
        Assert.Equal(expected, folder.ReadNpy("out.npy", "|u1", [24, 20]));
    }

    [Theory]
    [InlineData("""{"version":1,"inputs":"s/in.npy","output":"s/out.npy","layers":[{"preset":"nearest","scal":[2]}]}""", "inputs", "layers[0].scal")]
    [InlineData("""{"version":1,"input":"s/in.npy","output":"s/out.npy","layers":[{"preset":"nearest","scale":"two"}]}""", "layers[0].scale")]
    [InlineData("[1, 2]", "")]
    public async Task Submit_NoSpecification_IsRejectedByName(string json, params string[] fields)
    {
        await using EmbeddedJob embedded = await EmbeddedJob.StartAsync(folder);
        JobRejected rejected = Assert.IsType<JobRejected>(await embedded.SubmitAsync(Job, json));
        Assert.Equal(Job, rejected.JobId);
        Assert.Subset(rejected.Problems.Select(problem => problem.Field).ToHashSet(), fields.ToHashSet());
        Assert.Empty(folder.Files);
    }

    [Fact]
    public async Task Submit_AgainAfterItCompleted_StartsNothing()
    {
        folder.WriteNpy("in.npy", [6, 5], Numbers.Floats(30));
        JobSpecification specification = Plans.Nearest("s/in.npy", "s/out.npy") with { Overwrite = true };
        await using EmbeddedJob embedded = await EmbeddedJob.StartAsync(folder);
        object first = await embedded.SubmitAsync(Job, specification);
        JobCompleted completed = Assert.IsType<JobCompleted>(await embedded.EndAsync());
        await embedded.UntilAsync(Job, JobState.Completed);
        Assert.Equal(first, await embedded.SubmitAsync(Job, specification));
        JobStatus status = embedded.Jobs.Find(Job)!;
        Assert.Equal(JobState.Completed, status.State);
        Assert.Equal(completed.Summary.Elapsed, status.Summary!.Elapsed);
        Assert.Equal(status, Assert.Single(embedded.Jobs.List()));
        JobRejected rejected = Assert.IsType<JobRejected>(await embedded.SubmitAsync(Job, specification with { Dtype = "float64" }));
        Assert.Equal("job_id", Assert.Single(rejected.Problems).Field);
    }

    [Fact]
    public async Task Submit_BadJob_IsRejectedWithEverything()
    {
        await using EmbeddedJob embedded = await EmbeddedJob.StartAsync(folder);
        JobSpecification specification = Plans.Nearest("s/none.npy", "s/out.gif") with { Version = 9, Dtype = "real" };
        JobRejected rejected = Assert.IsType<JobRejected>(await embedded.SubmitAsync(Job, specification));
        Assert.Equal(Job, rejected.JobId);
        Assert.Equal(["dtype", "input", "output", "version"], rejected.Problems.Select(problem => problem.Field).Order());
        Assert.All(rejected.Problems, problem => Assert.NotEmpty(problem.Message));
    }

    public void Dispose() => folder.Dispose();

    private async Task CheckAsync(JobSpecification specification, string output, Func<JobPlan, float[]> expected)
    {
        JobPlan plan = await Plans.MakeAsync(folder, specification);
        await RunAsync(specification);
        Assert.Equal(expected(plan), await ReadAsync(output));
        Assert.DoesNotContain(folder.Files, file => file.Contains(".upweave/", StringComparison.Ordinal));
    }

    private async Task RunAsync(JobSpecification specification)
    {
        await using EmbeddedJob embedded = await EmbeddedJob.StartAsync(folder);
        JobAccepted accepted = Assert.IsType<JobAccepted>(await embedded.SubmitAsync(Job, specification));
        JobCompleted completed = Assert.IsType<JobCompleted>(await embedded.EndAsync());
        Assert.Equal(Job, completed.JobId);
        Assert.Equal(accepted.TileCount, completed.Summary.TilesComputed);
        Assert.True(accepted.TileCount > 1, "A single tile shows nothing of tiling.");
    }

    private async Task<float[]> ReadAsync(string output)
    {
        if (output.EndsWith(".tif", StringComparison.Ordinal))
        {
            PlainTiff file = new(await File.ReadAllBytesAsync(folder.FileOf(output), TestContext.Current.CancellationToken));
            return MemoryMarshal.Cast<byte, float>(file.Elements()).ToArray();
        }

        await using IArrayReader reader = await ArrayReaders.OpenAsync(folder.Stores, "s/" + output, identity: null, TestContext.Current.CancellationToken);
        byte[] bytes = new byte[reader.Info.ByteCount];
        await reader.ReadAsync(Box.Whole(reader.Info.Shape), bytes, TestContext.Current.CancellationToken);
        return MemoryMarshal.Cast<byte, float>(bytes).ToArray();
    }
}
