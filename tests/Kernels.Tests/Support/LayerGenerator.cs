using Upweave.Tiling;

namespace Upweave.Kernels.Tests.Support;

/// <summary>
/// Random layers, small enough for the definition: ranks 1 to 3, groups, dilation, gaps, negative pads, every
/// activation.
/// </summary>
internal static class LayerGenerator
{
    private const long ProductsMost = 400_000;

    /// <summary>The layer of a seed; the same on every machine.</summary>
    public static LayerCase Create(int seed)
    {
        TestRandom random = new((ulong)seed);
        while (true)
        {
            ConvTransposeLayer layer = Layer(random);
            ConvTransposeGeometry geometry = layer.Geometry;
            if (geometry.Output.Any(extent => extent < 1))
                continue;
            if (geometry.Output.Volume * layer.OutputChannels * layer.InputChannelsPerGroup * geometry.Kernel.Volume > ProductsMost)
                continue;
            float[] bias = random.OneIn(3) ? [] : random.Numbers(layer.OutputChannels);
            return new LayerCase(
                layer, random.Numbers(layer.WeightShape.Volume), bias, random.Numbers(layer.InputChannels * geometry.Input.Volume));
        }
    }

    /// <summary>
    /// The same for the minimal algorithm: phases of two taps or three along the last axis, and often along the one before; cells on both,
    /// or on the last alone.
    /// </summary>
    public static LayerCase CreateMinimal(int seed)
    {
        TestRandom random = new((ulong)seed);
        while (true)
        {
            ConvTransposeLayer layer = Layer(random);
            ConvTransposeGeometry geometry = Paired(layer.Geometry, random);
            if (geometry.Output.Any(extent => extent < 1))
                continue;
            if (geometry.Output.Volume * layer.OutputChannels * layer.InputChannelsPerGroup * geometry.Kernel.Volume > ProductsMost)
                continue;
            layer = layer with { Geometry = geometry };
            Dims? cell = random.OneIn(4) ? null : MinimalArithmetic.Cell(layer, axes: 2);
            cell ??= MinimalArithmetic.Cell(layer, axes: 1);
            if (cell is null)
                continue;
            layer = layer with { Geometry = geometry with { Cell = cell } };
            float[] bias = random.OneIn(3) ? [] : random.Numbers(layer.OutputChannels);
            return new LayerCase(
                layer, random.Numbers(layer.WeightShape.Volume), bias, random.Numbers(layer.InputChannels * geometry.Input.Volume));
        }
    }

    /// <summary>One axis, one input channel, kernel = stride (at most 3).</summary>
    public static LayerCase Row(int channels, int width, int stride, int inputChannels = 1)
    {
        TestRandom random = new((ulong)((width * 100) + stride));
        ConvTransposeLayer layer = new()
        {
            InputChannels = inputChannels,
            OutputChannels = channels,
            Groups = 1,
            Geometry = new ConvTransposeGeometry
            {
                Input = [width], Kernel = [Math.Min(stride, 3)], Strides = [stride],
                PadsBegin = [0], PadsEnd = [0], OutputPadding = [0], Dilations = [1],
            },
        };
        return new LayerCase(layer, random.Numbers(layer.WeightShape.Volume), random.Numbers(channels), random.Numbers(inputChannels * width));
    }

    /// <summary>
    /// The same, with one input channel or, for a technique that needs more, three; and for the minimal algorithm with a kernel of twice
    /// the stride.
    /// </summary>
    public static LayerCase RowFor(string technique, int channels, int width, int stride)
    {
        LayerCase layer = Row(channels, width, stride);
        if (technique == AlgorithmNames.Minimal)
        {
            ConvTransposeLayer twice = layer.Layer with { Geometry = layer.Layer.Geometry with { Kernel = [2 * stride] } };
            return layer with
            {
                Layer = AlgorithmNames.Apply(technique, twice)!,
                Weights = new TestRandom((ulong)width).Numbers(twice.WeightShape.Volume),
            };
        }

        return KernelSelector.Supports(technique, layer.Layer) ? layer : Row(channels, width, stride, inputChannels: 3);
    }

    /// <summary>A random box inside another.</summary>
    public static Box Inside(Box box, TestRandom random)
    {
        Dims origin = Dims.Build(box.Rank, axis => box.Origin[axis] + random.Between(0, (int)box.Shape[axis] - 1));
        return new Box(origin, Dims.Build(box.Rank, axis => random.Between(1, (int)(box.End(axis) - origin[axis]))));
    }

    private static ConvTransposeLayer Layer(TestRandom random)
    {
        int groups = random.Of(1, 1, 1, 2, 3);
        ActivationKind kind = random.Of(ActivationKind.None, ActivationKind.None, random.Of(Enum.GetValues<ActivationKind>()));
        int inputs = groups * random.Of(1, 2, 3, random.Between(4, 150));
        int outputs = groups * random.Of(1, 2, random.Between(1, 33));
        return new ConvTransposeLayer
        {
            Groups = groups,
            InputChannels = inputs,
            OutputChannels = outputs,
            Geometry = Geometry(random.Between(1, 3), random),
            Border = random.Of(Border.Zero, Border.Replicate),
            Activation = new Activation(kind, Alpha: 0.125f, Minimum: -0.25f, Maximum: 0.5f)
            {
                Slopes = kind == ActivationKind.PRelu ? random.Numbers(random.Of(1, outputs)) : default(float[]),
            },
        };
    }

    private static ConvTransposeGeometry Geometry(int rank, TestRandom random)
    {
        Dims kernel = Dims.Build(rank, _ => random.Of(1, 2, 3, 4, random.Between(1, 9)));
        Dims strides = Dims.Build(rank, _ => random.Of(1, 2, 3, 4, random.Between(1, 7)));
        Dims dilations = Dims.Build(rank, _ => random.Of(1, 1, 2, 3, random.Between(1, 6)));
        long Pad(int axis) => random.Between(-3, (int)((kernel[axis] - 1) * dilations[axis]) + 2);
        long OutputPadding(int axis) =>
            random.OneIn(2) ? 0 : random.Between(0, (int)Math.Max(strides[axis], dilations[axis]) - 1);
        return new ConvTransposeGeometry
        {
            Input = Dims.Build(rank, axis => axis == rank - 1 ? random.Between(1, 41) : random.Between(1, 5)),
            Kernel = kernel,
            Strides = strides,
            Dilations = dilations,
            PadsBegin = Dims.Build(rank, Pad),
            PadsEnd = Dims.Build(rank, Pad),
            OutputPadding = Dims.Build(rank, OutputPadding),
        };
    }

    private static ConvTransposeGeometry Paired(ConvTransposeGeometry geometry, TestRandom random)
    {
        int x = geometry.Rank - 1;
        bool[] paired = [.. Enumerable.Range(0, geometry.Rank).Select(axis => axis == x || (axis == x - 1 && !random.OneIn(3)))];
        Dims strides = Dims.Build(geometry.Rank, axis => paired[axis] ? random.Of(1, 2, 2, 3, 4, 8) : geometry.Strides[axis]);
        return geometry with
        {
            Strides = strides,
            Kernel = Dims.Build(geometry.Rank, axis =>
                paired[axis]
                    ? random.Of(2 * strides[axis], random.Between((int)strides[axis] + 1, 2 * (int)strides[axis]), 3 * strides[axis])
                    : geometry.Kernel[axis]),
            Dilations = Dims.Build(geometry.Rank, axis => paired[axis] ? 1 : geometry.Dilations[axis]),
            OutputPadding = Dims.Repeat(0, geometry.Rank),
        };
    }
}
