using Upweave.Contracts;
using Upweave.Contracts.Specification;
using Upweave.Tiling;

namespace Upweave.Coordinator.Planning;

/// <summary>Works out strides, pads and the output's extents, by ONNX's rules.</summary>
public static class GeometryPlanner
{
    /// <param name="input">Spatial extents; null when the input does not fit, and then only the numbers are checked.</param>
    /// <returns>Null when a problem was added.</returns>
    public static ConvTransposeGeometry? Plan(
        LayerSpecification layer, string field, LayerWeights weights, Dims? input, List<Problem> problems)
    {
        int rank = weights.SpatialRank;
        Dims? strides = AxisVector.Read($"{field}.strides", layer.Strides, rank, missing: 1, AxisVector.ExtentMin, problems);
        Dims? dilations = AxisVector.Read($"{field}.dilations", layer.Dilations, rank, missing: 1, AxisVector.ExtentMin, problems);
        Dims? extra = AxisVector.Read($"{field}.output_padding", layer.OutputPadding, rank, missing: 0, AxisVector.OffsetMin, problems);
        Dims? pads = AxisVector.Read($"{field}.pads", layer.Pads, 2 * rank, missing: 0, AxisVector.PadMin, problems);
        Dims? wanted = layer.OutputShape is null
            ? null
            : AxisVector.Read($"{field}.output_shape", layer.OutputShape, rank, missing: 1, AxisVector.ExtentMin, problems);
        if (strides is null || dilations is null || extra is null || pads is null || (wanted is null && layer.OutputShape is not null))
            return null;
        Dims begins = Dims.Build(rank, axis => pads.Value[axis]);
        ConvTransposeGeometry geometry = new()
        {
            Input = input ?? Dims.Repeat(1, rank),
            Kernel = weights.Kernel,
            Strides = weights.Preset?.Scale ?? strides.Value,
            PadsBegin = weights.Preset?.Pads ?? begins,
            PadsEnd = weights.Preset?.Pads ?? pads.Value.From(rank),
            OutputPadding = extra.Value,
            Dilations = dilations.Value,
        };
        if (!CheckOutputPadding(geometry, field, problems) || input is null)
            return null;
        geometry = PadResolver.Resolve(geometry, AutoPadNames.Read(layer.AutoPad), wanted);
        return CheckOutput(geometry, field, problems) ? geometry : null;
    }

    /// <summary>What can be said of the numbers when nobody knows how many axes there are.</summary>
    public static void CheckNumbers(LayerSpecification layer, string field, List<Problem> problems)
    {
        void Check(string name, IReadOnlyList<long>? values, long minimum) =>
            AxisVector.Read($"{field}.{name}", values, values?.Count ?? 0, missing: 1, minimum, problems);
        Check("strides", layer.Strides, AxisVector.ExtentMin);
        Check("dilations", layer.Dilations, AxisVector.ExtentMin);
        Check("output_padding", layer.OutputPadding, AxisVector.OffsetMin);
        Check("pads", layer.Pads, AxisVector.PadMin);
        Check("output_shape", layer.OutputShape, AxisVector.ExtentMin);
    }

    private static bool CheckOutputPadding(ConvTransposeGeometry geometry, string field, List<Problem> problems)
    {
        for (int axis = 0; axis < geometry.Rank; axis++)
        {
            long limit = Math.Max(geometry.Strides[axis], geometry.Dilations[axis]);
            if (geometry.OutputPadding[axis] < limit)
                continue;
            problems.Add(new Problem(
                $"{field}.output_padding",
                $"Output padding {geometry.OutputPadding[axis]} on axis {axis} must be below the larger of stride "
                + $"{geometry.Strides[axis]} and dilation {geometry.Dilations[axis]}.",
                $"set it to at most {limit - 1}"));
            return false;
        }

        return true;
    }

    private static bool CheckOutput(ConvTransposeGeometry geometry, string field, List<Problem> problems)
    {
        Dims output = geometry.Output;
        if (output.Any(extent => extent < 1))
        {
            problems.Add(new Problem(
                $"{field}.pads", $"The output {output} of an input {geometry.Input} would be empty: pads {geometry.PadsBegin} and "
                + $"{geometry.PadsEnd} cut off all of it.", "use smaller pads"));
            return false;
        }

        if (output.Any(extent => extent > AxisVector.Bound))
        {
            problems.Add(new Problem(field, $"The output {output} has an axis longer than {AxisVector.Bound}."));
            return false;
        }

        return true;
    }
}
