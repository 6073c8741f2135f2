using Upweave.Kernels.Tests.Support;
using Upweave.Tiling;

namespace Upweave.Kernels.Tests;

public sealed class PresetTests
{
    [Fact]
    public void Create_LinearByTwo_HasTheKnownTaps()
    {
        Preset preset = Preset.Create("linear", [2], 1);
        Assert.Equal([0.25f, 0.75f, 0.75f, 0.25f], preset.Weights);
        Assert.Equal([1], preset.Pads);
    }

    [Fact]
    public void Create_LinearByThree_HasTheKnownTaps()
    {
        Preset preset = Preset.Create("bilinear", [3], 1);
        Assert.Equal([1 / 3f, 2 / 3f, 1f, 2 / 3f, 1 / 3f], preset.Weights);
        Assert.Equal([1], preset.Pads);
    }

    [Fact]
    public void Create_CubicByTwo_HasTheKnownTaps()
    {
        // Keys' function at 0.25, 0.75, 1.25, 1.75 with a = -0.75, in 256ths: 225, 67, -27, -9.
        Preset preset = Preset.Create("bicubic", [2], 1);
        Assert.Equal([-9 / 256f, -27 / 256f, 67 / 256f, 225 / 256f, 225 / 256f, 67 / 256f, -27 / 256f, -9 / 256f], preset.Weights);
        Assert.Equal([3], preset.Pads);
    }

    [Fact]
    public void Create_NearestByThreeAndTwo_IsAllOnes()
    {
        Preset preset = Preset.Create("nearest", [3, 2], 2);
        Assert.Equal(Enumerable.Repeat(1f, 12), preset.Weights);
        Assert.Equal([3, 2], preset.Kernel);
        Assert.Equal([0, 0], preset.Pads);
    }

    [Fact]
    public void Create_Lanczos_IsWhatSineGivesNormalised()
    {
        double[] raw = Enumerable.Range(0, 12).Select(k => Math.Abs(k - 5.5) / 2).Select(t =>
            Math.Sin(Math.PI * t) / (Math.PI * t) * Math.Sin(Math.PI * t / 3) / (Math.PI * t / 3)).ToArray();
        Preset preset = Preset.Create("lanczos3", [2], 1);
        double phaseSum = raw.Where((_, k) => k % 2 == 0).Sum();
        for (int k = 0; k < 12; k++)
            Assert.Equal(raw[k] / phaseSum, preset.Weights[k], 1e-7);
        Assert.Equal([5], preset.Pads);
    }

    [Fact]
    public void Create_ScaleOne_IsTheIdentity()
    {
        foreach (string name in Preset.Names)
        {
            Preset preset = Preset.Create(name, [1, 1, 1], 1);
            Assert.Equal([1f], preset.Weights);
            Assert.Equal([0, 0, 0], preset.Pads);
        }
    }

    [Fact]
    public void Create_EveryPresetAndScale_KeepsConstantsAndSize()
    {
        foreach (string name in Preset.Names)
        {
            for (int scale = 1; scale <= 9; scale++)
            {
                LayerCase layer = Layer(name, [scale, 3], [4, 5], Enumerable.Repeat(10f, 20).ToArray());
                Assert.Equal([4 * scale, 15], layer.Layer.Geometry.Output);
                Assert.All(layer.Define(layer.WholeOutput), value => Assert.Equal(10f, value, 1e-5f));
            }
        }
    }

    [Theory]
    [InlineData("linear")]
    [InlineData("bicubic")]
    [InlineData("nearest")]
    public void Create_Replicate_IsInterpolationWithoutAlignedCorners(string name)
    {
        TestRandom random = new(6000);
        for (int repeat = 0; repeat < 30; repeat++)
        {
            Dims input = [random.Between(1, 9), random.Between(1, 9)];
            Dims scale = [random.Between(1, 8), random.Between(1, 8)];
            float[] data = random.Numbers(input.Volume);
            LayerCase layer = Layer(name, scale, input, data);
            float[] actual = layer.Compute(KernelSelector.Select(layer.Layer), layer.WholeOutput);
            double[] expected = Interpolate(name, data, input, scale);
            for (int index = 0; index < actual.Length; index++)
            {
                Assert.True(
                    Math.Abs(actual[index] - expected[index]) < 2e-6,
                    $"{name} {input} x {scale}, element {index}: {actual[index]}, expected {expected[index]}");
            }
        }
    }

    [Fact]
    public void Create_Trilinear_IsInterpolationOfEachAxis()
    {
        TestRandom random = new(6001);
        float[] data = random.Numbers(2 * 3 * 4);
        LayerCase layer = Layer("trilinear", [2, 3, 4], [2, 3, 4], data);
        float[] actual = layer.Define(layer.WholeOutput);
        // At output (1, 4, 9): positions 0.25, 1, 1.875, the second exactly on a sample.
        double Plane(int z) => (0.125 * data[(z * 12) + 5]) + (0.875 * data[(z * 12) + 6]);
        Assert.Equal((0.75 * Plane(0)) + (0.25 * Plane(1)), actual[(((1 * 9) + 4) * 16) + 9], 1e-6);
    }

    [Theory]
    [InlineData("cubic", 2, 1, "nearest, linear")]
    [InlineData("linear", 0, 1, "at least 1")]
    [InlineData("linear", 2, 0, "channels")]
    public void Create_BadArgument_IsRefused(string name, int scale, int channels, string message)
    {
        ArgumentException error = Assert.ThrowsAny<ArgumentException>(() => Preset.Create(name, [scale], channels));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static LayerCase Layer(string name, Dims scale, Dims input, float[] data)
    {
        Preset preset = Preset.Create(name, scale, 1);
        ConvTransposeGeometry geometry = new()
        {
            Input = input, Kernel = preset.Kernel, Strides = scale, PadsBegin = preset.Pads, PadsEnd = preset.Pads,
            OutputPadding = Dims.Repeat(0, input.Count), Dilations = Dims.Repeat(1, input.Count),
        };
        ConvTransposeLayer layer = new()
        {
            InputChannels = 1, OutputChannels = 1, Groups = 1, Geometry = geometry, Border = Border.Replicate,
        };
        return new LayerCase(layer, preset.Weights, [], data);
    }

    /// <summary>
    /// PyTorch's formula, written from its documentation: source position, weights of its neighbours, clamped
    /// indices.
    /// </summary>
    private static double[] Interpolate(string name, float[] data, Dims input, Dims scale)
    {
        int height = (int)input[0], width = (int)input[1];
        double[] output = new double[data.Length * scale.Volume];
        int next = 0;
        for (int y = 0; y < height * scale[0]; y++)
        {
            for (int x = 0; x < width * scale[1]; x++, next++)
            {
                foreach ((int row, double rowWeight) in Neighbours(name, y, (int)scale[0]))
                {
                    foreach ((int column, double columnWeight) in Neighbours(name, x, (int)scale[1]))
                    {
                        output[next] += rowWeight * columnWeight
                            * data[(Math.Clamp(row, 0, height - 1) * width) + Math.Clamp(column, 0, width - 1)];
                    }
                }
            }
        }

        return output;
    }

    private static (int Index, double Weight)[] Neighbours(string name, int output, int scale)
    {
        if (name == "nearest")
            return [(output / scale, 1)];
        double source = ((output + 0.5) / scale) - 0.5;
        int floor = (int)Math.Floor(source);
        double t = source - floor;
        if (name == "linear")
            return [(floor, 1 - t), (floor + 1, t)];
        const double a = -0.75;
        static double Near(double d) => ((a + 2) * d * d * d) - ((a + 3) * d * d) + 1;
        static double Far(double d) => (a * d * d * d) - (5 * a * d * d) + (8 * a * d) - (4 * a);
        return [(floor - 1, Far(t + 1)), (floor, Near(t)), (floor + 1, Near(1 - t)), (floor + 2, Far(2 - t))];
    }
}
