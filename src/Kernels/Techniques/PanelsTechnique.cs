using System.Runtime.Intrinsics;
using Upweave.Kernels.Lanes;
using Upweave.Kernels.Phases;
using Upweave.Tiling;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// For many output channels: a product of matrices. The inputs of a few dozen outputs of one phase are copied into a
/// panel, a line per channel and tap; vector lanes run across the outputs, weights are broadcast.
/// </summary>
internal sealed class PanelsTechnique : ITechnique
{
    private const int StrideMost = 16;

    public string Name => "panels";

    /// <summary>
    /// Blocks of the sum must be one tap each (more than one input channel per group), and the panel of one register
    /// tile must fit in the workspace.
    /// </summary>
    public bool Supports(ConvTransposeLayer layer) =>
        DirectArithmetic.TapsPerBlock(layer) == 1 && layer.Geometry.Strides[^1] <= StrideMost
        && SpatialPhases.CanList(layer.Geometry) && new PanelsShape(layer).FitsWorkspace;

    public IConvTransposeKernel Create(ConvTransposeLayer layer, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias) =>
        VectorWidth.Bits switch
        {
            512 => new PanelsKernel<Vector512<float>, Lanes512>(Name, layer, weights, bias),
            256 => new PanelsKernel<Vector256<float>, Lanes256>(Name, layer, weights, bias),
            _ => new PanelsKernel<Vector128<float>, Lanes128>(Name, layer, weights, bias),
        };

    public long PackedBytes(ConvTransposeLayer layer) =>
        sizeof(float) * checked(new PanelsShape(layer).WeightsLength + layer.OutputChannels);

    public long WorkspaceLength(ConvTransposeLayer layer, Dims outputShape) => new PanelsShape(layer).WorkspaceLength;
}
