using System.Runtime.Intrinsics;
using Upweave.Kernels.Lanes;
using Upweave.Kernels.Phases;
using Upweave.Tiling;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// Vector lanes across filters with packed weights, inputs broadcast: for many channels on small or narrow images, and
/// for large strides, whose phases are lanes. Needs no width of image and leaves out taps outside the array.
/// </summary>
internal sealed class FiltersTechnique : ITechnique
{
    private static int Lanes => 2 * VectorWidth.Bits / (8 * sizeof(float));

    public string Name => "filters";

    public bool Supports(ConvTransposeLayer layer) =>
        SpatialPhases.CanList(layer.Geometry) && FiltersPlan.Supports(new FiltersLayout(layer, Lanes));

    public IConvTransposeKernel Create(ConvTransposeLayer layer, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias)
    {
        FiltersLayout layout = new(layer, Lanes);
        return VectorWidth.Bits switch
        {
            128 => new FiltersKernel<Vector128<float>, Lanes128>(Name, layout, weights, bias),
            256 => new FiltersKernel<Vector256<float>, Lanes256>(Name, layout, weights, bias),
            _ => new FiltersKernel<Vector512<float>, Lanes512>(Name, layout, weights, bias),
        };
    }

    public long PackedBytes(ConvTransposeLayer layer)
    {
        FiltersLayout layout = new(layer, Lanes);
        return sizeof(float) * checked(layout.PackedLength + (2 * layout.BiasLength));
    }

    public long WorkspaceLength(ConvTransposeLayer layer, Dims outputShape) => FiltersPlan.WorkspaceLength;
}
