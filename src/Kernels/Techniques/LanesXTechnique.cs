using Upweave.Tiling;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// Vector lanes along consecutive outputs of one phase, weights broadcast: for few output channels per group.
/// </summary>
internal sealed class LanesXTechnique : ITechnique
{
    public string Name => "lanes-x";

    public IConvTransposeKernel Create(ConvTransposeLayer layer, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias) =>
        new LanesXKernel(Name, layer, weights, bias);

    public long PackedBytes(ConvTransposeLayer layer) => sizeof(float) * checked(layer.WeightShape.Volume + layer.OutputChannels);

    public long WorkspaceLength(ConvTransposeLayer layer, Dims outputShape) =>
        new LanesXWorkspace(layer, outputShape[outputShape.Count - 1]).Length;
}
