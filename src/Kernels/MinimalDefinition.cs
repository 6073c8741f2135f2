using Upweave.Kernels.Activations;
using Upweave.Tiling;
using static Upweave.Tiling.IntegerMath;

namespace Upweave.Kernels;

/// <summary>
/// The minimal algorithm of docs/arithmetic.md in plain loops, one cell of outputs after the other. Slow on purpose; nothing here is
/// shared with the fast techniques except the scalar activations.
/// </summary>
internal static class MinimalDefinition
{
    /// <summary>As <see cref="ConvTransposeDefinition.Compute"/>, for a layer with cells.</summary>
    public static void Compute(
        ConvTransposeLayer layer, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias,
        ReadOnlySpan<float> input, Box inputBox, Span<float> output, Box outputBox, CancellationToken cancellationToken)
    {
        ConvTransposeGeometry geometry = ThreeAxes.Lift(layer.Geometry);
        Box box = ThreeAxes.Lift(outputBox);
        MinimalSum minimal = new(layer, weights, input, inputBox);
        ConvTransposeDefinition.Sum direct = new(layer, weights, input, inputBox);
        for (int group = 0; group < layer.Groups; group++)
        {
            foreach (long z in Starts(geometry, box, 0))
            {
                foreach (long y in Starts(geometry, box, 1))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    foreach (long x in Starts(geometry, box, 2))
                    {
                        Box cell = new([z, y, x], Dims.Build(3, axis => Extent(geometry, axis)));
                        ComputeCell(layer, group, cell, minimal, direct, bias, output, box);
                    }
                }
            }
        }
    }

    private static void ComputeCell(
        ConvTransposeLayer layer, int group, Box cell, in MinimalSum minimal, in ConvTransposeDefinition.Sum direct,
        ReadOnlySpan<float> bias, Span<float> output, Box box)
    {
        float[] totals = new float[layer.OutputChannelsPerGroup * cell.Volume];
        int first = group * layer.OutputChannelsPerGroup;
        bool finite = true;
        for (int index = 0; index < totals.Length; index++)
        {
            (int channel, long z, long y, long x) = Place(cell, index);
            totals[index] = minimal.At(first + channel, z, y, x);
            finite &= float.IsFinite(totals[index]);
        }

        for (int index = 0; index < totals.Length; index++)
        {
            (int channel, long z, long y, long x) = Place(cell, index);
            channel += first;
            if (z < box.Origin[0] || z >= box.End(0) || y < box.Origin[1] || y >= box.End(1) || x < box.Origin[2] || x >= box.End(2))
                continue;
            float total = finite ? totals[index] : direct.At(channel, z, y, x);
            IActivationFunction activation = ActivationFunctions.Create(layer.Activation, channel);
            long row = (((channel * box.Shape[0]) + z - box.Origin[0]) * box.Shape[1]) + y - box.Origin[1];
            output[(int)((row * box.Shape[2]) + x - box.Origin[2])] =
                Canonical.Of(activation.Apply(total + (bias.IsEmpty ? 0f : bias[channel])));
        }
    }

    private static (int Channel, long Z, long Y, long X) Place(Box cell, int index)
    {
        (long rest, long x) = Math.DivRem(index, cell.Shape[2]);
        (rest, long y) = Math.DivRem(rest, cell.Shape[1]);
        (rest, long z) = Math.DivRem(rest, cell.Shape[0]);
        return ((int)rest, cell.Origin[0] + z, cell.Origin[1] + y, cell.Origin[2] + x);
    }

    /// <summary>Outputs of a cell on an axis: all phases of its positions, or a single output.</summary>
    private static long Extent(ConvTransposeGeometry geometry, int axis) =>
        geometry.Cell!.Value[axis] > 1 ? geometry.Cell.Value[axis] * geometry.Strides[axis] : 1;

    /// <summary>The first outputs of all cells that have some in the box.</summary>
    private static IEnumerable<long> Starts(ConvTransposeGeometry geometry, Box box, int axis)
    {
        long extent = Extent(geometry, axis);
        long pad = geometry.PadsBegin[axis];
        for (long start = (FloorDiv(box.Origin[axis] + pad, extent) * extent) - pad; start < box.End(axis); start += extent)
            yield return start;
    }
}
