using Upweave.Tiling;

namespace Upweave.Kernels.Techniques;

/// <summary>Vector lanes across output channels, inputs broadcast: for many output channels per group.</summary>
internal sealed class LanesChannelsTechnique : ITechnique
{
    public string Name => "lanes-channels";

    public IConvTransposeKernel Create(ConvTransposeLayer layer, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias) =>
        new LanesChannelsKernel(Name, layer, weights, bias);

    public long PackedBytes(ConvTransposeLayer layer) =>
        sizeof(float) * checked(PackedFloats(layer) + layer.OutputChannels);

    public long WorkspaceLength(ConvTransposeLayer layer, Dims outputShape) =>
        new LanesChannelsWorkspace(layer, outputShape[outputShape.Count - 1]).Length;

    /// <summary>Channels of a group are filled up to whole blocks of lanes.</summary>
    public static long PackedFloats(ConvTransposeLayer layer) => checked(
        layer.InputChannels * IntegerMath.RoundUp(layer.OutputChannelsPerGroup, LanesChannelsTiles.Lanes) * layer.Geometry.Kernel.Volume);
}
