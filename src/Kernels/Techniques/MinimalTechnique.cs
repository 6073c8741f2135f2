using System.Runtime.Intrinsics;
using Upweave.Kernels.Lanes;
using Upweave.Tiling;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// The minimal algorithm as products of matrices, one for each point: panels of transformed inputs, transformed weights packed once.
/// </summary>
internal sealed class MinimalTechnique : ITechnique
{
    public string Name => "minimal";

    /// <summary>Which layers have cells is the arithmetic's to say: all that have can be computed.</summary>
    public bool Supports(ConvTransposeLayer layer) => layer.Geometry.Cell is Dims cell
        && (cell == MinimalArithmetic.Cell(layer, axes: 1) || cell == MinimalArithmetic.Cell(layer, axes: 2));

    public IConvTransposeKernel Create(ConvTransposeLayer layer, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias) =>
        VectorWidth.Bits switch
        {
            512 => new MinimalKernel<Vector512<float>, Lanes512>(Name, layer, weights, bias),
            256 => new MinimalKernel<Vector256<float>, Lanes256>(Name, layer, weights, bias),
            _ => new MinimalKernel<Vector128<float>, Lanes128>(Name, layer, weights, bias),
        };

    public long PackedBytes(ConvTransposeLayer layer)
    {
        MinimalShape shape = new(layer);
        long own = checked((sizeof(float) * (shape.WeightsLength + layer.OutputChannels)) + MinimalSteps.Bytes(shape));
        return checked(own + KernelSelector.PackedBytes(shape.Direct));
    }

    public long WorkspaceLength(ConvTransposeLayer layer, Dims outputShape) => new MinimalShape(layer).WorkspaceLength;
}
