using Upweave.Kernels.Tests.Support;
using Upweave.Tiling;

namespace Upweave.Kernels.Tests;

public sealed class DefinitionTests
{
    [Fact]
    public void Compute_OneAxisStrideTwo_OverlapsAreSummed()
    {
        // Kernel [1, 10, 100] placed at outputs 0 and 2, scaled by 3 and 5; the bias is 1000.
        LayerCase layer = OneAxis(input: [3, 5], weights: [1, 10, 100], stride: 2, bias: [1000]);
        Assert.Equal([1003f, 1030f, 1305f, 1050f, 1500f], layer.Define(layer.WholeOutput));
    }

    [Fact]
    public void Compute_KernelBelowStride_GapsAreBias()
    {
        LayerCase layer = OneAxis(input: [3, 5], weights: [2], stride: 3, bias: [7]);
        Assert.Equal([13f, 7f, 7f, 17f], layer.Define(layer.WholeOutput));
    }

    [Fact]
    public void Compute_NegativePads_ExtendTheOutput()
    {
        LayerCase layer = OneAxis(input: [3, 5], weights: [1, 10], stride: 1, bias: [], padBegin: -2, padEnd: 0);
        Assert.Equal([0f, 0f, 3f, 35f, 50f], layer.Define(layer.WholeOutput));
    }

    [Fact]
    public void Compute_Replicate_TapsOutsideReadTheEdge()
    {
        // Linear x2 of [4, 8]: outputs at -0.25, 0.25, 0.75, 1.25, the outer ones clamped to the edge values.
        LayerCase layer = OneAxis(input: [4, 8], weights: [0.25f, 0.75f, 0.75f, 0.25f], stride: 2, bias: [], padBegin: 1, padEnd: 1);
        layer = layer with { Layer = layer.Layer with { Border = Border.Replicate } };
        Assert.Equal([4f, 5f, 7f, 8f], layer.Define(layer.WholeOutput));
    }

    [Fact]
    public void Compute_TwoGroups_EachReadsItsOwnChannels()
    {
        // Group 0: channel 0 through weights 2 and 3; group 1: channel 1 through weights 5 and 7.
        LayerCase layer = new(
            new ConvTransposeLayer { InputChannels = 2, OutputChannels = 4, Groups = 2, Geometry = Line(1, 1, 1) },
            [2, 3, 5, 7], [], [10, 100]);
        Assert.Equal([20f, 30f, 500f, 700f], layer.Define(layer.WholeOutput));
    }

    [Fact]
    public void Compute_ManyChannels_BlocksAreSummedApart()
    {
        // 67 channels of one tap: a block of 34, then one of 33. 2^24 swallows each 1 that is added to it (a tie that
        // rounds to even), but the second block sums to 33 before it is added, and 2^24 + 33 is a tie that rounds to
        // 2^24 + 32. The second position is 0 in all channels.
        float[] input = [.. Enumerable.Range(0, 67).SelectMany(channel => new[] { channel == 0 ? 1 << 24 : 1f, 0f })];
        LayerCase layer = new(
            new ConvTransposeLayer { InputChannels = 67, OutputChannels = 1, Groups = 1, Geometry = Line(2, 1, 1) },
            [.. Enumerable.Repeat(1f, 67)], [], input);
        Assert.Equal([16777248f, 0f], layer.Define(layer.WholeOutput));
    }

    [Fact]
    public void Compute_SeveralTaps_EachIsSummedApart()
    {
        // Output 1 sums tap 0 over the second position, which is 2^24 and six swallowed ones, and then tap 1 over the
        // first, 7; 2^24 + 7 is a tie that rounds to 2^24 + 8.
        float[] input = [.. Enumerable.Range(0, 7).SelectMany(channel => new[] { 1f, channel == 0 ? 1 << 24 : 1f })];
        LayerCase layer = new(
            new ConvTransposeLayer { InputChannels = 7, OutputChannels = 1, Groups = 1, Geometry = Line(2, 2, 1) },
            [.. Enumerable.Repeat(1f, 14)], [], input);
        Assert.Equal([7f, 16777224f, 16777216f], layer.Define(layer.WholeOutput));
    }

    [Fact]
    public void Compute_NegativeZeroAndNaN_AreStoredCanonical()
    {
        float[] input = [-0f, BitConverter.UInt32BitsToSingle(0xFFC12345), float.PositiveInfinity];
        LayerCase layer = OneAxis(input, weights: [1], stride: 1, bias: []);
        BitAssert.Equal(
            [0f, BitConverter.Int32BitsToSingle(0x7FC00000), float.PositiveInfinity], layer.Define(layer.WholeOutput), "definition");
    }

    [Fact]
    public void Compute_GeneratedShapes_AgreesWithScatterInDouble()
    {
        for (int seed = 1000; seed < 1150; seed++)
        {
            LayerCase layer = LayerGenerator.Create(seed);
            layer = layer with { Layer = layer.Layer with { Activation = Activation.None } };
            OracleValue[] expected = DoubleOracle.Compute(layer);
            float[] actual = layer.Define(layer.WholeOutput);
            // Blocks hold at most 64 products or one channel's, so 1e-5 of the term sum is far above rounding and far
            // below a wrong term.
            for (int index = 0; index < actual.Length; index++)
            {
                double tolerance = 1e-5 * expected[index].TermSum;
                Assert.True(Math.Abs(actual[index] - expected[index].Value) <= tolerance, $"seed {seed}, element {index}");
            }
        }
    }

    private static LayerCase OneAxis(float[] input, float[] weights, int stride, float[] bias, int padBegin = 0, int padEnd = 0) => new(
        new ConvTransposeLayer
        {
            InputChannels = 1,
            OutputChannels = 1,
            Groups = 1,
            Geometry = Line(input.Length, weights.Length, stride) with { PadsBegin = [padBegin], PadsEnd = [padEnd] },
        },
        weights, bias, input);

    private static ConvTransposeGeometry Line(int input, int kernel, int stride) => new()
    {
        Input = [input], Kernel = [kernel], Strides = [stride], PadsBegin = [0], PadsEnd = [0], OutputPadding = [0], Dilations = [1],
    };
}
