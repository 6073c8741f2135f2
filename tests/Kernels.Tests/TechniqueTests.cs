using Upweave.Kernels.Tests.Support;
using Upweave.Tiling;

namespace Upweave.Kernels.Tests;

/// <summary>
/// Every technique gives the definition's bits, for every shape and every box. Run again with instruction sets
/// disabled.
/// </summary>
public sealed class TechniqueTests
{
    /// <summary>
    /// Fewer shapes where vectors are emulated, since software multiply-adds are a hundred times slower.
    /// </summary>
    private static readonly int Shapes = InstructionSetTests.IsChild ? 60 : 400;

    /// <summary>Those of the direct algorithm; the other has <see cref="MinimalTests"/>.</summary>
    public static TheoryData<string> Techniques => new(KernelSelector.Techniques.Where(name => name != AlgorithmNames.Minimal));

    [Theory]
    [MemberData(nameof(Techniques))]
    public void Compute_GeneratedShapes_EqualsDefinition(string technique)
    {
        for (int seed = 0; seed < Shapes; seed++)
        {
            LayerCase layer = LayerGenerator.Create(seed);
            CheckWhole(technique, layer, $"seed {seed}");
        }
    }

    [Theory]
    [MemberData(nameof(Techniques))]
    public void Compute_AnyBox_EqualsDefinition(string technique)
    {
        for (int seed = 2000; seed < 2000 + (Shapes / 2); seed++)
        {
            LayerCase layer = LayerGenerator.Create(seed);
            if (!KernelSelector.Supports(technique, layer.Layer))
                continue;
            TestRandom random = new((ulong)seed);
            using IConvTransposeKernel kernel = KernelSelector.Create(technique, layer.Layer, layer.Weights, layer.Bias);
            for (int repeat = 0; repeat < 3; repeat++)
            {
                Box box = LayerGenerator.Inside(layer.WholeOutput, random);
                BitAssert.Equal(layer.Define(box), layer.Compute(kernel, box), $"{technique}, seed {seed}, box {box}, {layer.Layer}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Techniques))]
    public void Compute_EveryRemainder_EqualsDefinition(string technique)
    {
        for (int stride = 1; stride <= 4; stride++)
        {
            for (int width = 1; width <= 83; width += width < 41 ? 1 : 7)
            {
                LayerCase layer = LayerGenerator.RowFor(technique, channels: 1 + (width % 5), width, stride);
                CheckWhole(technique, layer, $"width {width}, stride {stride}");
            }
        }

        for (int channels = 1; channels <= 33; channels++)
        {
            LayerCase layer = LayerGenerator.RowFor(technique, channels, width: 9, stride: 2);
            CheckWhole(technique, layer, $"{channels} channels");
        }
    }

    [Theory]
    [MemberData(nameof(Techniques))]
    public void Compute_RowsLongerThanASegment_EqualsDefinition(string technique)
    {
        foreach ((int width, int stride) in new[] { (2500, 1), (1500, 2), (600, 4), (3, 900), (5, 2600) })
        {
            LayerCase layer = LayerGenerator.RowFor(technique, channels: 5, width, stride);
            CheckWhole(technique, layer, $"width {width}, stride {stride}");
        }
    }

    [Theory]
    [MemberData(nameof(Techniques))]
    public void Compute_SpecialValues_EqualsDefinition(string technique)
    {
        float[] special =
        [
            0f, -0f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, -float.Epsilon, 1e-39f,
            float.MaxValue, float.MinValue,
        ];
        for (int seed = 3000; seed < 3000 + (Shapes / 4); seed++)
        {
            LayerCase layer = LayerGenerator.Create(seed);
            TestRandom random = new((ulong)seed);
            for (int index = 0; index < layer.Input.Length; index++)
                layer.Input[index] = random.OneIn(8) ? random.Of(special) : random.OneIn(8) ? 0f : layer.Input[index];
            for (int index = 0; index < layer.Weights.Length; index++)
                layer.Weights[index] = random.OneIn(4) ? random.Of(0f, -0f, 1e-39f, float.Epsilon) : layer.Weights[index];
            CheckWhole(technique, layer, $"seed {seed}");
        }
    }

    [Theory]
    [MemberData(nameof(Techniques))]
    public void Compute_InfinityTimesZeroWeight_IsNaNOnlyWhereATapReadsIt(string technique)
    {
        // Input 1 is infinite and reaches outputs 2 and 3, through weights 0 and 1.
        LayerCase layer = LayerGenerator.RowFor(technique, channels: 1, width: 20, stride: 2);
        layer = layer with { Weights = [.. Enumerable.Repeat(new[] { 0f, 1f }, layer.Layer.InputChannels).SelectMany(tap => tap)], Bias = [] };
        Array.Fill(layer.Input, 1f);
        layer.Input[1] = float.PositiveInfinity;
        float[] output = layer.Compute(technique, layer.WholeOutput);
        Assert.Equal(0x7FC00000, BitConverter.SingleToInt32Bits(output[2]));
        Assert.Equal(float.PositiveInfinity, output[3]);
        Assert.All(output.Where((_, index) => index is not (2 or 3)), value => Assert.True(float.IsFinite(value)));
    }

    private static void CheckWhole(string technique, LayerCase layer, string what)
    {
        if (!KernelSelector.Supports(technique, layer.Layer))
            return;
        BitAssert.Equal(
            layer.Define(layer.WholeOutput), layer.Compute(technique, layer.WholeOutput), $"{technique}, {what}, {layer.Layer}");
    }
}
