using Upweave.Kernels.Lanes;
using Upweave.Tiling;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// Vector lanes along x, weights broadcast, several phases and output channels on the same inputs: for few output
/// channels per group, with a stride on x of at most <see cref="StrideMost"/>.
/// </summary>
internal sealed class RowsTechnique : ITechnique
{
    private const int StrideMost = 4096;
    private const long WorkspaceFloatsMost = 256 * 1024;

    public string Name => "rows";

    public bool Supports(ConvTransposeLayer layer)
    {
        Dims output = layer.Geometry.Output;
        return layer.Geometry.Strides[layer.Geometry.Rank - 1] <= StrideMost && output.All(extent => extent > 0)
            && DirectArithmetic.TapsPerBlock(layer) == 1 && WorkspaceLength(layer, output) <= WorkspaceFloatsMost;
    }

    public IConvTransposeKernel Create(ConvTransposeLayer layer, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias) =>
        new RowsKernel(Name, layer, weights, bias);

    public long PackedBytes(ConvTransposeLayer layer) => sizeof(float) * checked(layer.WeightShape.Volume + layer.OutputChannels);

    public long WorkspaceLength(ConvTransposeLayer layer, Dims outputShape)
    {
        RowsPlan plan = new(layer, VectorWidth.Bits / 32);
        long rows = outputShape.Count > 1 ? outputShape[outputShape.Count - 2] : 1;
        return new RowsWorkspace(plan, rows, outputShape[outputShape.Count - 1]).Length;
    }
}
