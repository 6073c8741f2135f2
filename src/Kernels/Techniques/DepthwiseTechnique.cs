using System.Runtime.Intrinsics;
using Upweave.Kernels.Lanes;
using Upweave.Kernels.Phases;
using Upweave.Tiling;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// Layers with one input channel per group: depthwise, and single channels. They have so few operations per element that
/// memory decides, so every output line is written once, from registers.
/// </summary>
internal sealed class DepthwiseTechnique : ITechnique
{
    private const long WorkspaceFloatsMost = 256 * 1024;

    public string Name => "depthwise";

    public bool Supports(ConvTransposeLayer layer) =>
        layer.InputChannelsPerGroup == 1 && SpatialPhases.CanList(layer.Geometry)
        && DepthwiseTapsKernel.WorkspaceLength(layer) <= WorkspaceFloatsMost;

    public IConvTransposeKernel Create(ConvTransposeLayer layer, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias) =>
        VectorWidth.Bits switch
        {
            128 => Create<Vector128<float>, Lanes128>(layer, weights, bias),
            256 => Create<Vector256<float>, Lanes256>(layer, weights, bias),
            _ => Create<Vector512<float>, Lanes512>(layer, weights, bias),
        };

    public long PackedBytes(ConvTransposeLayer layer) => sizeof(float) * checked(layer.WeightShape.Volume + layer.OutputChannels);

    public long WorkspaceLength(ConvTransposeLayer layer, Dims outputShape) => DepthwiseTapsKernel.WorkspaceLength(layer);

    private DepthwiseTapsKernel<TVector, TLanes> Create<TVector, TLanes>(
        ConvTransposeLayer layer, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias)
        where TVector : struct
        where TLanes : struct, ILanes<TVector> =>
        new DepthwiseTapsKernel<TVector, TLanes>(Name, layer, new SpatialPhases(layer.Geometry), weights, bias);
}
