using Upweave.Kernels.Tests.Support;

namespace Upweave.Kernels.Tests;

/// <summary>PRelu as PyTorch defines it, y = x where x >= 0 and slope * x elsewhere, over a layer without activation.</summary>
public sealed class PReluTests
{
    public static TheoryData<string> Techniques => new(KernelSelector.Techniques);

    [Theory]
    [MemberData(nameof(Techniques))]
    public void Compute_SlopePerChannel_EqualsPlainLoops(string technique)
    {
        for (int stride = 1; stride <= 5; stride++)
            Check(technique, stride, [0.25f, -3f, 0f, 1e-30f, 2f]);
    }

    [Theory]
    [MemberData(nameof(Techniques))]
    public void Compute_OneSlope_HoldsForAllChannels(string technique) => Check(technique, 2, [0.25f]);

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void Create_SlopesDoNotFit_IsRefused(int count)
    {
        LayerCase layer = WithSlopes(LayerGenerator.Row(channels: 5, width: 9, stride: 2), new float[count]);
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => KernelSelector.Create(layer.Layer, layer.Weights, layer.Bias));
        Assert.Contains($"{count} slopes", error.Message, StringComparison.Ordinal);
        Assert.Contains("5 output channels", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_SlopeNotFinite_IsNamed()
    {
        LayerCase layer = WithSlopes(LayerGenerator.Row(channels: 2, width: 9, stride: 2), [1f, float.NaN]);
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => KernelSelector.Create(layer.Layer, layer.Weights, layer.Bias));
        Assert.Contains("slopes[1]", error.Message, StringComparison.Ordinal);
    }

    private static void Check(string technique, int stride, float[] slopes)
    {
        LayerCase plain = LayerGenerator.RowFor(technique, channels: 5, width: 61, stride);
        LayerCase layer = WithSlopes(plain, slopes);
        float[] expected = plain.Define(plain.WholeOutput);
        int perChannel = expected.Length / 5;
        for (int channel = 0; channel < 5; channel++)
        {
            float slope = slopes.Length == 1 ? slopes[0] : slopes[channel];
            for (int index = channel * perChannel; index < (channel + 1) * perChannel; index++)
            {
                // Adding +0 stores a zero as +0.
                expected[index] = (expected[index] >= 0 ? expected[index] : slope * expected[index]) + 0f;
            }
        }

        BitAssert.Equal(expected, layer.Define(layer.WholeOutput), $"definition, stride {stride}");
        BitAssert.Equal(expected, layer.Compute(technique, layer.WholeOutput), $"{technique}, stride {stride}");
    }

    private static LayerCase WithSlopes(LayerCase layer, float[] slopes) => layer with
    {
        Layer = layer.Layer with { Activation = new Activation(ActivationKind.PRelu) { Slopes = slopes } },
    };
}
