using Upweave.EndToEnd.Tests.Support;

namespace Upweave.EndToEnd.Tests;

/// <summary>ONNX's own tests of ConvTranspose: nothing but a node's name is given, and the answer is the one published.</summary>
public sealed class OnnxTests : IDisposable
{
    private static readonly string Data = Path.Combine(AppContext.BaseDirectory, "data", "onnx-node");

    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("test_convtranspose", "Y", "W")]
    [InlineData("test_convtranspose_1d", "Y", "W")]
    [InlineData("test_convtranspose_3d", "Y", "W")]
    [InlineData("test_convtranspose_dilations", "Y", "W")]
    [InlineData("test_convtranspose_group_2", "Y", "W")]
    [InlineData("test_convtranspose_pad", "Y", "W")]
    [InlineData("test_convtranspose_pads", "Y", "W")]
    [InlineData("pytorch_ConvTranspose2d_no_bias", "2", "1")]
    [InlineData("burn_conv_transpose2d", "/transposed_conv/ConvTranspose", "transposed_conv.weight")]
    public async Task Run_NodeOfAModel_GivesThePublishedAnswer(string name, string node, string weights)
    {
        string model = Path.Combine(Data, name + ".onnx");
        string arrays = Path.Combine(Data, name + ".npz");
        await folder.SucceedAsync($"run {arrays}#x y.npy --weights {model}#{node}");
        await folder.SucceedAsync($"run {arrays}#x only.npy --weights {model}");
        await folder.SucceedAsync($"copy {model}#{weights} w.npy");
        NpyArray expected = NpyFile.ReadMember(arrays, "y");
        NpyArray actual = folder.Read("y.npy");
        Assert.Equal(expected.Shape, actual.Shape);
        double tolerance = Tolerance(NpyFile.ReadMember(arrays, "x"), folder.Read("w.npy"));
        FloatAssert.Within(name.StartsWith("test_", StringComparison.Ordinal) ? 0 : tolerance, expected.Floats, actual.Floats);
        Assert.Equal(actual.Bytes, folder.Read("only.npy").Bytes);
    }

    [Theory]
    [InlineData("--strides 3", "strides")]
    [InlineData("--pads 1", "pads")]
    [InlineData("--group 2", "group")]
    public async Task Run_OptionThatContradictsTheNode_IsAProblem(string option, string field)
    {
        string model = Path.Combine(Data, "test_convtranspose_pads");
        UpweaveResult result = await folder.RunAsync($"run {model}.npz#x y.npy --weights {model}.onnx {option}");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains($"layers[0].{field}", result.ToString(), StringComparison.Ordinal);
        await folder.SucceedAsync($"run {model}.npz#x y.npy --weights {model}.onnx --strides 3,2 --group 1");
    }

    /// <summary>Both sums are in float32: terms + 2 roundings each (bias and result), each of at most 2^-24 of the sum of |x*w|.</summary>
    private static double Tolerance(NpyArray x, NpyArray w)
    {
        double terms = w.Shape[0] * w.Shape.Skip(2).Aggregate(1.0, (product, extent) => product * extent);
        double largest = x.Floats.Max(Math.Abs) * (double)w.Floats.Max(Math.Abs);
        return 2 * (terms + 2) * Math.Pow(2, -24) * ((terms * largest) + 1);
    }
}
