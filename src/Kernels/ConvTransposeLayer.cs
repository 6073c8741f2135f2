using Upweave.Tiling;

namespace Upweave.Kernels;

/// <summary>What happens to positions outside the input.</summary>
public enum Border
{
    /// <summary>They count as +0, as in ONNX and PyTorch.</summary>
    Zero,

    /// <summary>They read the nearest element of the input, axis by axis.</summary>
    Replicate,
}

/// <summary>One ConvTranspose layer as a kernel sees it. Vectors have one number per spatial axis (1 to 3).</summary>
public sealed record ConvTransposeLayer
{
    /// <summary>Input channels, a multiple of <see cref="Groups"/>.</summary>
    public required int InputChannels { get; init; }

    /// <summary>Output channels, a multiple of <see cref="Groups"/>.</summary>
    public required int OutputChannels { get; init; }

    public required int Groups { get; init; }

    public required ConvTransposeGeometry Geometry { get; init; }

    public Border Border { get; init; } = Border.Zero;

    public Activation Activation { get; init; } = Activation.None;

    /// <summary>How products are summed; said by the geometry, since it decides what a box reads.</summary>
    public ConvTransposeAlgorithm Algorithm =>
        Geometry.Cell is null ? ConvTransposeAlgorithm.Direct : ConvTransposeAlgorithm.Minimal;

    /// <summary>Input channels that one output channel sums over.</summary>
    public int InputChannelsPerGroup => InputChannels / Groups;

    public int OutputChannelsPerGroup => OutputChannels / Groups;

    /// <summary>Shape of the weights: [Cin, Cout/groups, k...].</summary>
    public Dims WeightShape => Dims.Create([InputChannels, OutputChannelsPerGroup]).Concat(Geometry.Kernel);
}
