using Upweave.Kernels.Tests.Support;
using Upweave.Tiling;

namespace Upweave.Kernels.Tests;

/// <summary>The minimal algorithm: its definition against float64, and its technique against the definition.</summary>
public sealed class MinimalTests
{
    private const string Technique = "minimal";
    private static readonly int Shapes = InstructionSetTests.IsChild ? 30 : 200;

    [Fact]
    public void Define_GeneratedShapes_AgreesWithScatterInDouble()
    {
        for (int seed = 8000; seed < 8080; seed++)
        {
            LayerCase layer = LayerGenerator.CreateMinimal(seed);
            layer = layer with { Layer = layer.Layer with { Activation = Activation.None } };
            OracleValue[] expected = DoubleOracle.Compute(layer);
            float[] actual = layer.Define(layer.WholeOutput);
            // A term of the transformed sums is at most 4 inputs times 4 weights; the terms that cancel are neighbours of those counted,
            // so the largest term sum of all outputs bounds them. A wrong tap is five orders of magnitude larger.
            double termSum = expected.Max(value => value.TermSum);
            for (int index = 0; index < actual.Length; index++)
                Assert.True(Math.Abs(actual[index] - expected[index].Value) <= 1e-5 * termSum, $"seed {seed}, element {index}");
        }
    }

    [Fact]
    public void Compute_GeneratedShapes_EqualsDefinition()
    {
        for (int seed = 8100; seed < 8100 + Shapes; seed++)
        {
            LayerCase layer = LayerGenerator.CreateMinimal(seed);
            Check(layer, layer.WholeOutput, seed);
        }
    }

    [Fact]
    public void Compute_AnyBox_EqualsDefinition()
    {
        for (int seed = 8500; seed < 8500 + Shapes; seed++)
        {
            LayerCase layer = LayerGenerator.CreateMinimal(seed);
            TestRandom random = new((ulong)seed);
            for (int repeat = 0; repeat < 3; repeat++)
                Check(layer, LayerGenerator.Inside(layer.WholeOutput, random), seed);
        }
    }

    [Fact]
    public void Compute_BoxesOfTheOutput_AreThoseOfTheWhole()
    {
        for (int seed = 8900; seed < 8920; seed++)
        {
            LayerCase layer = LayerGenerator.CreateMinimal(seed);
            TestRandom random = new((ulong)seed);
            float[] whole = layer.Define(layer.WholeOutput);
            Box box = LayerGenerator.Inside(layer.WholeOutput, random);
            float[] part = layer.Compute(Technique, box);
            int next = 0;
            for (int channel = 0; channel < layer.Layer.OutputChannels; channel++)
            {
                foreach (long[] position in LayerCase.Positions(box))
                {
                    long index = channel;
                    for (int axis = 0; axis < position.Length; axis++)
                        index = (index * layer.WholeOutput.Shape[axis]) + position[axis];
                    BitAssert.Equal([whole[index]], [part[next++]], $"seed {seed}, channel {channel}, position {string.Join(",", position)}");
                }
            }
        }
    }

    [Fact]
    public void Compute_NumbersThatAreNotFinite_EqualsDefinition()
    {
        for (int seed = 8600; seed < 8600 + Shapes; seed++)
        {
            LayerCase layer = LayerGenerator.CreateMinimal(seed);
            TestRandom random = new((ulong)seed);
            int rarity = random.Of(3, 20, 200);
            for (int index = 0; index < layer.Input.Length; index++)
            {
                if (random.OneIn(rarity))
                    layer.Input[index] = random.Of(float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, -0f, 1e-39f);
            }

            Check(layer, layer.WholeOutput, seed);
        }
    }

    /// <summary>What overflows only because of the differences is computed directly.</summary>
    [Fact]
    public void Compute_DifferenceOverflows_GivesTheDirectResult()
    {
        ConvTransposeLayer layer = Line(inputs: 4, channels: 1);
        LayerCase minimal = new(layer, [0.5f, 0.25f, 0.125f, 0.0625f], [], [3e38f, -3e38f, 1f, 2f]);
        LayerCase direct = minimal with { Layer = layer with { Geometry = layer.Geometry with { Cell = null } } };
        float[] expected = direct.Define(direct.WholeOutput);
        float[] actual = minimal.Compute(Technique, minimal.WholeOutput);
        Assert.All(expected, value => Assert.True(float.IsFinite(value)));
        // The cells of inputs 0 and 1 hold the first outputs; those of the last do not overflow and may differ in a rounding.
        BitAssert.Equal(expected.AsSpan(0, 7), actual.AsSpan(0, 7), "overflowing cells");
        BitAssert.Equal(minimal.Define(minimal.WholeOutput), actual, "minimal");
    }

    [Theory]
    [InlineData(GuardSide.Before)]
    [InlineData(GuardSide.After)]
    public void Compute_GuardedSpans_StaysInside(GuardSide side)
    {
        for (int seed = 8700; seed < 8760; seed++)
        {
            LayerCase layer = LayerGenerator.CreateMinimal(seed);
            if (seed % 3 == 0)
                layer.Input[layer.Input.Length / 2] = float.NaN;
            Box box = seed % 2 == 0 ? layer.WholeOutput : LayerGenerator.Inside(layer.WholeOutput, new TestRandom((ulong)seed));
            Box inputBox = layer.Layer.Geometry.ReadRegion(box);
            using IConvTransposeKernel kernel = KernelSelector.Create(Technique, layer.Layer, layer.Weights, layer.Bias);
            using GuardedFloats input = new(layer.PaddedInput(inputBox), side);
            using GuardedFloats output = new((int)(layer.Layer.OutputChannels * box.Volume), side);
            using GuardedFloats workspace = new((int)KernelSelector.WorkspaceLength(Technique, layer.Layer, box.Shape), side);
            kernel.Compute(input.Span, inputBox, output.Span, box, 1, workspace.Span, TestContext.Current.CancellationToken);
            BitAssert.Equal(layer.Define(box), output.Span, $"seed {seed}, box {box}");
        }
    }

    [Fact]
    public void Compute_Batch_EqualsItemsOneByOne()
    {
        for (int seed = 8800; seed < 8820; seed++)
        {
            LayerCase layer = LayerGenerator.CreateMinimal(seed);
            Box box = layer.WholeOutput;
            Box read = layer.Layer.Geometry.ReadRegion(box);
            float[] item = layer.PaddedInput(read);
            float[] second = [.. item.Select(value => 1.5f - value)];
            int length = (int)(layer.Layer.OutputChannels * box.Volume);
            float[] output = new float[2 * length];
            float[] one = new float[length];
            float[] workspace = new float[KernelSelector.WorkspaceLength(layer.Layer, box.Shape)];
            using IConvTransposeKernel kernel = KernelSelector.Create(layer.Layer, layer.Weights, layer.Bias);
            kernel.Compute([.. item, .. second], read, output, box, 2, workspace, TestContext.Current.CancellationToken);
            kernel.Compute(second, read, one, box, 1, workspace, TestContext.Current.CancellationToken);
            BitAssert.Equal(one, output.AsSpan(length), $"seed {seed}, second item");
            kernel.Compute(item, read, one, box, 1, workspace, TestContext.Current.CancellationToken);
            BitAssert.Equal(one, output.AsSpan(0, length), $"seed {seed}, first item");
        }
    }

    [Fact]
    public void Choose_ShapesOfNetworks_TakesMinimalWhereItPays()
    {
        Assert.Equal([2, 2], Chosen(256, 128, [4, 4], [2, 2], [64, 64]));
        Assert.Equal([2], Chosen(512, 256, [16], [8], [283]));
        Assert.Equal([2, 2], Chosen(128, 128, [3, 3], [1, 1], [64, 64]));
        Assert.Equal([1, 2], Chosen(64, 64, [3, 3], [1, 1], [56, 56]));
        Assert.Null(Chosen(64, 64, [4, 4], [2, 2], [64, 64]));
        Assert.Null(Chosen(48, 64, [3, 3], [1, 1], [64, 64]));
        Assert.Null(Chosen(128, 128, [5, 5], [1, 1], [64, 64]));
        Assert.Null(Chosen(64, 32, [3, 3], [2, 2], [96, 96]));
        Assert.Null(Chosen(256, 3, [3, 3], [2, 2], [384, 576]));
        Assert.Null(Chosen(256, 128, [2, 2], [2, 2], [56, 56]));
        Assert.Null(Chosen(1024, 512, [4, 4], [2, 2], [4, 4]));
    }

    private static IEnumerable<long>? Chosen(int inputs, int outputs, Dims kernel, Dims strides, Dims input)
    {
        ConvTransposeGeometry geometry = new()
        {
            Input = input, Kernel = kernel, Strides = strides, PadsBegin = Dims.Repeat(1, kernel.Count),
            PadsEnd = Dims.Repeat(1, kernel.Count), OutputPadding = Dims.Repeat(0, kernel.Count), Dilations = Dims.Repeat(1, kernel.Count),
        };
        return MinimalArithmetic.Choose(
            new ConvTransposeLayer { InputChannels = inputs, OutputChannels = outputs, Groups = 1, Geometry = geometry }).Cell;
    }

    private static ConvTransposeLayer Line(int inputs, int channels) => new()
    {
        InputChannels = channels,
        OutputChannels = 1,
        Groups = 1,
        Geometry = new ConvTransposeGeometry
        {
            Input = [inputs], Kernel = [4], Strides = [2], PadsBegin = [1], PadsEnd = [1], OutputPadding = [0], Dilations = [1], Cell = [2],
        },
    };

    private static void Check(LayerCase layer, Box box, int seed)
    {
        Assert.True(KernelSelector.Supports(Technique, layer.Layer), $"seed {seed}, {layer.Layer}");
        BitAssert.Equal(layer.Define(box), layer.Compute(Technique, box), $"seed {seed}, box {box}, {layer.Layer}");
    }
}
