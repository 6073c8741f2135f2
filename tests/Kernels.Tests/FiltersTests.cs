using Upweave.Kernels.Tests.Support;
using Upweave.Tiling;

namespace Upweave.Kernels.Tests;

/// <summary>Layers for the branches of the technique that puts filters into lanes, with several batch items.</summary>
public sealed class FiltersTests
{
    private const int Batch = 3;

    /// <summary>channels in, out, groups; input; kernel; stride; pad; dilation; border.</summary>
    public static TheoryData<int, int, int, long[], long[], long[], long[], long[], Border> Layers => new()
    {
        // Lanes along the phases of a row: whole vectors, a part of one, several rows, several channels.
        { 5, 3, 1, [3, 4], [16, 16], [8, 8], [0, 0], [1, 1], Border.Zero },
        { 5, 1, 1, [9], [64], [32], [7], [1], Border.Zero },
        { 3, 2, 1, [2, 5], [5, 22], [2, 11], [1, 3], [1, 1], Border.Replicate },
        { 4, 6, 2, [3, 3], [4, 4], [2, 2], [1, 1], [1, 1], Border.Zero },
        { 4, 3, 1, [2, 3, 3], [4, 4, 8], [2, 2, 8], [1, 1, 2], [1, 1, 1], Border.Zero },

        // One input on an axis or on all; also with outputs beyond it.
        { 37, 20, 1, [1, 1], [4, 4], [1, 1], [0, 0], [1, 1], Border.Zero },
        { 20, 5, 1, [1, 1], [3, 5], [1, 2], [1, -2], [1, 1], Border.Zero },
        { 20, 17, 1, [1, 6], [4, 4], [2, 2], [1, 1], [1, 1], Border.Zero },
        { 20, 17, 1, [1, 1], [4, 4], [1, 1], [1, 1], [1, 1], Border.Replicate },

        // Lanes are channels: strides 1 to 5, dilation, positions without some taps.
        { 130, 33, 1, [4, 4], [4, 4], [2, 2], [1, 1], [1, 1], Border.Zero },
        { 65, 16, 1, [3, 3, 4], [3, 3, 3], [1, 1, 1], [0, 0, 0], [2, 2, 2], Border.Zero },
        { 40, 35, 1, [2, 9], [5, 5], [3, 3], [2, 2], [1, 1], Border.Zero },
        { 8, 16, 1, [2, 7], [3, 7], [2, 4], [1, 1], [1, 1], Border.Zero },
        { 8, 16, 1, [2, 7], [3, 7], [2, 5], [1, 1], [1, 1], Border.Replicate },

        // A last block that is half empty, for vectors of 16, 8 and 4; 21, 12, 11 and 1 positions at a time.
        { 20, 48, 1, [7], [3], [1], [1], [1], Border.Zero },
        { 20, 24, 1, [4], [3], [1], [1], [1], Border.Zero },
        { 9, 12, 1, [11], [1], [1], [0], [1], Border.Zero },
        { 8, 96, 2, [1, 1], [3, 3], [2, 2], [1, 1], [1, 1], Border.Replicate },

        // Several passes along x, and along y.
        { 300, 16, 1, [700], [3], [1], [1], [1], Border.Zero },
        { 150, 17, 1, [40, 17], [2, 2], [2, 2], [0, 0], [1, 1], Border.Zero },

        // A read region too large to be packed.
        { 64, 3, 1, [2, 2], [3, 3], [1, 1], [60, 60], [61, 61], Border.Replicate },

        // One channel: chains over four taps.
        { 1, 20, 1, [5, 6], [5, 5], [2, 2], [2, 2], [1, 1], Border.Zero },
        { 2, 8, 2, [5, 6], [8, 8], [4, 4], [2, 2], [1, 1], Border.Zero },
    };

    [Theory]
    [MemberData(nameof(Layers))]
    public void Compute_BatchOfItems_EqualsDefinition(
        int inputs, int outputs, int groups, long[] input, long[] kernel, long[] strides, long[] pads, long[] dilations, Border border)
    {
        TestRandom random = new((ulong)(inputs + outputs));
        ConvTransposeLayer layer = new()
        {
            InputChannels = inputs,
            OutputChannels = outputs,
            Groups = groups,
            Border = border,
            Activation = new Activation(ActivationKind.LeakyRelu, Alpha: 0.25f),
            Geometry = new ConvTransposeGeometry
            {
                Input = Dims.Create(input), Kernel = Dims.Create(kernel), Strides = Dims.Create(strides), PadsBegin = Dims.Create(pads),
                PadsEnd = Dims.Create(pads), OutputPadding = Dims.Repeat(0, input.Length), Dilations = Dims.Create(dilations),
            },
        };
        float[] weights = random.Numbers(layer.WeightShape.Volume);
        float[] bias = random.Numbers(outputs);
        LayerCase[] items = [.. Enumerable.Range(0, Batch).Select(_ =>
            new LayerCase(layer, weights, bias, random.Numbers(inputs * layer.Geometry.Input.Volume)))];
        using IConvTransposeKernel technique = KernelSelector.Create("filters", layer, weights, bias);
        Box whole = items[0].WholeOutput;
        Check(technique, items, whole);
        for (int repeat = 0; repeat < 4; repeat++)
            Check(technique, items, LayerGenerator.Inside(whole, random));
    }

    private static void Check(IConvTransposeKernel kernel, LayerCase[] items, Box box)
    {
        ConvTransposeLayer layer = items[0].Layer;
        Box read = layer.Geometry.ReadRegion(box);
        float[] input = [.. items.SelectMany(item => item.PaddedInput(read))];
        float[] expected = [.. items.SelectMany(item => item.Define(box))];
        using GuardedFloats guarded = new(input, GuardSide.After);
        using GuardedFloats output = new(expected.Length, GuardSide.After);
        using GuardedFloats workspace = new((int)KernelSelector.WorkspaceLength("filters", layer, box.Shape), GuardSide.After);
        kernel.Compute(guarded.Span, read, output.Span, box, items.Length, workspace.Span, TestContext.Current.CancellationToken);
        BitAssert.Equal(expected, output.Span, $"box {box}, {layer}");
    }
}
