using System.CommandLine;
using System.Text.Json.Nodes;
using Upweave.Cli.Options;
using Upweave.Contracts;
using Upweave.ServiceDefaults;
using Upweave.Tests.Schema;

namespace Upweave.Cli.Tests;

/// <summary>Command lines beside the JSON that someone would write by hand for the same job.</summary>
public sealed class SpecificationBuilderTests
{
    public static TheoryData<string, string> CommandLines => new()
    {
        {
            "a.png b.png --preset bicubic --scale 2 --priority -2",
            """{"version":1,"input":"a.png","output":"b.png","layers":[{"preset":"bicubic","scale":[2]}],"priority":-2}"""
        },
        {
            "a.npy b.zarr --preset linear --scale 2,3,4 --border zero --dtype float32 --tile 64 --overwrite",
            """
            {"version":1,"input":"a.npy","output":"b.zarr","layers":[{"preset":"linear","scale":[2,3,4],"border":"zero"}],
             "dtype":"float32","tile":[64],"overwrite":true}
            """
        },
        {
            "a.npz#x b.npy --weights up.npz#w --bias up.npz#b --strides 2,2 --pads 1,1,1,1 --output-padding 0,1 --dilations 1 --group 3",
            """
            {"version":1,"input":"a.npz#x","output":"b.npy","layers":[{"weights":"up.npz#w","bias":"up.npz#b","strides":[2,2],
             "pads":[1,1,1,1],"output_padding":[0,1],"dilations":[1],"group":3}]}
            """
        },
        {
            "a.npy b.npy --weights w.npy --pads=-1,0,0,0 --auto-pad same_upper --output-shape 9,9 --region 0:512,100:300 --algorithm minimal --precision bf16",
            """
            {"version":1,"input":"a.npy","output":"b.npy","layers":[{"weights":"w.npy","pads":[-1,0,0,0],"auto_pad":"SAME_UPPER",
             "output_shape":[9,9]}],"region":[[0,512],[100,300]],"algorithm":"minimal","precision":"bf16"}
            """
        },
        {
            "a.npy b.npy --weights w.npy --pads -1,0,0,0",
            """{"version":1,"input":"a.npy","output":"b.npy","layers":[{"weights":"w.npy","pads":[-1,0,0,0]}]}"""
        },
        {
            "a.npy b.npy --weights w.npy --activation leaky_relu:0.1",
            """
            {"version":1,"input":"a.npy","output":"b.npy",
             "layers":[{"weights":"w.npy","activation":{"type":"leaky_relu","alpha":0.1}}]}
            """
        },
        {
            "a.npy b.npy --weights w.npy --activation prelu:up.npz#a",
            """
            {"version":1,"input":"a.npy","output":"b.npy",
             "layers":[{"weights":"w.npy","activation":{"type":"prelu","slope":"up.npz#a"}}]}
            """
        },
        {
            "a.npy b.npy --weights w.npy --activation clip:-1,2.5",
            """
            {"version":1,"input":"a.npy","output":"b.npy",
             "layers":[{"weights":"w.npy","activation":{"type":"clip","min":-1,"max":2.5}}]}
            """
        },
        {
            "a.npy b.npy --weights w.npy --activation clip:0,",
            """{"version":1,"input":"a.npy","output":"b.npy","layers":[{"weights":"w.npy","activation":{"type":"clip","min":0}}]}"""
        },
        {
            "a.npy b.npy --weights w.npy --activation tanh",
            """{"version":1,"input":"a.npy","output":"b.npy","layers":[{"weights":"w.npy","activation":{"type":"tanh"}}]}"""
        },
    };

    [Theory]
    [MemberData(nameof(CommandLines))]
    public async Task Read_CommandLine_GivesTheSpecification(string commandLine, string json)
    {
        JobRequest request = await ReadAsync(commandLine);
        Assert.Empty(request.Problems);
        JsonNode? built = System.Text.Json.JsonSerializer.SerializeToNode(request.Specification, ContractJson.Options);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), built), built?.ToJsonString());
        JobSchema.AssertValid(request.Specification!);
    }

    [Theory]
    [InlineData("--strides 2.5", "layers[0].strides")]
    [InlineData("--pads 1,,1", "layers[0].pads")]
    [InlineData("--scale 99999999999999999999", "layers[0].scale")]
    [InlineData("--group two", "layers[0].group")]
    [InlineData("--activation leaky_relu:1,2", "layers[0].activation")]
    [InlineData("--activation prelu:", "layers[0].activation")]
    [InlineData("--activation clip:zero,1", "layers[0].activation")]
    [InlineData("--activation leaky_relu:NaN", "layers[0].activation")]
    [InlineData("--region 0-512", "region")]
    [InlineData("--tile 512x512", "tile")]
    [InlineData("--workers many", "--workers")]
    [InlineData("--workers 1025", "--workers")]
    [InlineData("--memory 0", "--memory")]
    [InlineData("--device tpu", "--device")]
    [InlineData("--device gpu:-1", "--device")]
    public async Task Read_BadValue_IsOneProblemAtItsField(string options, string field)
    {
        JobRequest request = await ReadAsync("a.npy b.npy " + options);
        Problem problem = Assert.Single(request.Problems);
        Assert.Equal(field, problem.Field);
        Assert.NotNull(problem.Hint);
    }

    [Fact]
    public async Task Read_WorkersMemoryAndDevice_AreTheBounds()
    {
        JobRequest request = await ReadAsync("a.npy b.npy --workers 3 --memory 1.5GiB --device cpu");
        Assert.Equal(new WorkerBounds(3, 1_610_612_736, DeviceChoice.Processor), request.Bounds);
    }

    private static Task<JobRequest> ReadAsync(string commandLine)
    {
        JobOptions options = new();
        Command command = new("run");
        options.AddTo(command);
        ParseResult result = command.Parse(commandLine.Split(' '));
        Assert.Empty(result.Errors);
        return JobRequest.ReadAsync(options, result, TestContext.Current.CancellationToken);
    }
}
