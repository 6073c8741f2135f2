using System.Text.Json;
using Upweave.EndToEnd.Tests.Support;

namespace Upweave.EndToEnd.Tests;

/// <summary>
/// What cannot be done is refused with exit code 2 before anything is written, with one line for each problem that says
/// what, which, where and how to mend it.
/// </summary>
public sealed class BadInputTests : IDisposable
{
    private const string Weights = "--weights w.npy";

    private static readonly Dictionary<string, BadInput> Table = new()
    {
        ["missing input"] = new($"run gone.npy y.npy {Weights}", "input|gone.npy"),
        ["missing picture"] = new("run gone.png y.png --preset linear --scale 2", "input|gone.png"),
        ["input is no array"] = new($"run text.npy y.npy {Weights}", "input|text.npy"),
        ["input is no picture"] = new("run broken.png y.png --preset linear --scale 2", "input|broken.png"),
        ["truncated input"] = new($"run truncated.npy y.npy {Weights}", "input|truncated.npy"),
        ["object-typed input"] = new($"run objects.npy y.npy {Weights}", "input|objects.npy|object"),
        ["missing weights"] = new("run x.npy y.npy --weights gone.npy", "layers[0].weights|gone.npy"),
        ["wrong rank of input"] = new($"run volume.npy y.npy {Weights}", "input|[1,2,3,4,5,6]|2 spatial axes"),
        ["wrong rank of weights"] = new("run x.npy y.npy --weights w1.npy", "layers[0].weights|[2,3]"),
        ["wrong channels"] = new($"run huge.npy y.npy {Weights}", "layers[0].weights|2 input channels|4"),
        ["wrong bias"] = new($"run x.npy y.npy {Weights} --bias bias4.npy", "layers[0].bias|[4]|3"),
        ["group that does not divide"] = new($"run x.npy y.npy {Weights} --group 3", "layers[0].group|3|2 input channels"),
        ["group of zero"] = new($"run x.npy y.npy {Weights} --group 0", "layers[0].group|0"),
        ["zero stride"] = new($"run x.npy y.npy {Weights} --strides 2,0", "layers[0].strides|0"),
        ["negative stride"] = new($"run x.npy y.npy {Weights} --strides=-2", "layers[0].strides|-2"),
        ["zero dilation"] = new($"run x.npy y.npy {Weights} --dilations 0", "layers[0].dilations|0"),
        ["negative dilation"] = new($"run x.npy y.npy {Weights} --dilations=1,-1", "layers[0].dilations|-1"),
        ["too many strides"] = new($"run x.npy y.npy {Weights} --strides 2,2,2", "layers[0].strides|3 numbers"),
        ["output padding too large"] = new($"run x.npy y.npy {Weights} --strides 2 --output-padding 2", "layers[0].output_padding|2|stride"),
        ["empty output"] = new($"run x.npy y.npy {Weights} --pads 5", "layers[0].pads|empty"),
        ["non-finite weights"] = new("run x.npy y.npy --weights nan.npy", "layers[0].weights|nan.npy|finite"),
        ["tile beyond memory"] = new("run huge.npy y.npy --weights wide.npy --tile 200 --memory 1MiB --workers 1", "tile|1048576"),
        ["plan beyond memory"] = new("run huge.npy y.zarr --weights wide.npy --memory 256 --workers 1", "tile|256"),
        ["tile of zero"] = new($"run x.npy y.npy {Weights} --tile 0", "tile|0"),
        ["output exists"] = new($"run x.npy taken.npy {Weights}", "output|taken.npy exists|--overwrite"),
        ["output is a folder of other things"] = new($"run x.npy folder.zarr {Weights}", "output|folder.zarr|holiday.txt"),
        ["output is the input"] = new($"run x.npy ./x.npy {Weights} --overwrite", "output|is the input"),
        ["output of no format"] = new($"run x.npy y.jpeg {Weights}", "output|y.jpeg"),
        ["picture of float32"] = new($"run x.npy y.png {Weights}", "output|y.png|float32"),
        ["unknown field"] = new("run --job unknown.json", "colour|no such field", "layers[0].stride|no such field"),
        ["unknown version"] = new("run --job version.json", "version|7|1"),
        ["several layers"] = new("run --job layers.json", "layers|2|not supported yet"),
        ["network"] = new("run --job network.json", "network|not supported yet"),
        ["field of another type"] = new("run --job type.json", "strides"),
        ["broken json"] = new("run --job syntax.json", "line 1"),
        ["missing job"] = new("run --job gone.json", "gone.json"),
        ["job and options"] = new("run x.npy --job version.json", "INPUT|--job", "version|7"),
        ["unknown preset"] = new("run x.npy y.npy --preset cubist --scale 2,2", "layers[0].preset|cubist|bicubic"),
        ["preset without scale"] = new("run x.npy y.npy --preset linear", "layers[0].scale"),
        ["unknown option"] = new($"run x.npy y.npy {Weights} --tiel", "--tiel"),
        ["unknown dtype"] = new($"run x.npy y.npy {Weights} --dtype float19", "dtype|float19|float32"),
        ["unknown border"] = new($"run x.npy y.npy {Weights} --border mirror", "layers[0].border|mirror|zero"),
        ["unknown auto_pad"] = new($"run x.npy y.npy {Weights} --auto-pad BEST", "layers[0].auto_pad|BEST|SAME_UPPER"),
        ["unknown activation"] = new($"run x.npy y.npy {Weights} --activation swish", "layers[0].activation|swish|relu"),
        ["region that is none"] = new($"run x.npy y.npy {Weights} --region 1:2:3,4", "region|1:2:3,4"),
        ["region of too few axes"] = new($"run x.npy y.npy {Weights} --region 0:2", "region|2 spatial axes"),
        ["region outside"] = new($"run x.npy y.npy {Weights} --region 0:2,3:99", "region|3:99"),
        ["no workers"] = new($"run x.npy y.npy {Weights} --workers 0", "--workers|0"),
        ["no memory size"] = new($"run x.npy y.npy {Weights} --memory lots", "--memory|lots"),
        ["no output, nor its folder"] = new($"run gone.npy new/y.npy {Weights}", "input|gone.npy"),
        ["output of nothing"] = new("run --job nowhere.json", "output|missing"),
        ["no output"] = new($"run x.npy {Weights}", "output"),
        ["five at once"] = new(
            $"run gone.npy taken.npy {Weights} --strides 0 --dilations=-1 --dtype float19",
            "input|gone.npy", "output|taken.npy exists", "layers[0].strides|0", "layers[0].dilations|-1", "dtype|float19"),
        ["others beside a bad group"] = new(
            $"run x.npy y.npy {Weights} --group 3 --strides 0 --border mirror --tile 0 --region 1:2:3,4",
            "layers[0].group|3", "layers[0].strides|0", "layers[0].border|mirror", "tile|0", "region|1:2:3,4"),
        ["plan is checked too"] = new($"plan gone.npy y.npy {Weights} --strides 0", "input|gone.npy", "layers[0].strides|0"),
        ["inspect missing"] = new("inspect gone.npy", "gone.npy"),
        ["inspect truncated"] = new("inspect truncated.npy --hash", "truncated.npy"),
        ["copy to itself"] = new("copy x.npy ./x.npy --overwrite", "x.npy"),
        ["copy onto another"] = new("copy x.npy taken.npy", "taken.npy|--overwrite"),
        ["copy to no format"] = new("copy x.npy y.jpeg", "y.jpeg"),
    };

    private readonly BadInputFiles files = new();

    public static TheoryData<string> Names => [.. Table.Keys];

    public void Dispose() => files.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Run_BadInput_IsRefusedWithEveryProblem(string name)
    {
        BadInput bad = Table[name];
        IReadOnlyList<string> before = files.Folder.Entries;
        UpweaveResult result = await files.Folder.RunAsync(bad.CommandLine);
        result.AssertExitCode(2);
        Assert.Equal(before, files.Folder.Entries);
        Assert.True(result.ErrorLines.Count == bad.Problems.Length, $"Expected {bad.Problems.Length} lines.\n{result}");
        Assert.All(result.ErrorLines, line => Assert.StartsWith("error: ", line, StringComparison.Ordinal));
        Assert.All(result.ErrorLines, line => Assert.Contains(" hint: ", line, StringComparison.Ordinal));
        foreach (string problem in bad.Problems)
        {
            Assert.True(
                result.ErrorLines.Any(line => problem.Split('|').All(part => line.Contains(part, StringComparison.Ordinal))),
                $"No line says '{problem}'.\n{result}");
        }
    }

    [Fact]
    public async Task Run_BadInputWithJson_WritesADocumentOfProblems()
    {
        UpweaveResult result = await files.Folder.RunAsync($"run gone.npy y.npy {Weights} --strides 0 --json");
        result.AssertExitCode(2);
        JsonElement[] problems = [.. result.Json.GetProperty("problems").EnumerateArray()];
        Assert.Equal(["input", "layers[0].strides"], problems.Select(problem => problem.GetProperty("field").GetString()).Order());
        Assert.All(problems, problem => Assert.NotEmpty(problem.GetProperty("message").GetString()!));
        Assert.All(problems, problem => Assert.NotEmpty(problem.GetProperty("hint").GetString()!));
    }
}
