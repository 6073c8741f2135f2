using Upweave.Contracts.Plans;
using Upweave.Planning;
using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Coordinator.Planning;

/// <summary>
/// Where an output lies, given where its input does. Element i of the input reaches the elements
/// <c>i * stride + k * dilation - padBegin</c>, in the middle <c>i * stride + (kernel - 1) * dilation / 2 - padBegin</c>; so an
/// output's first element lies at the input's <c>(padBegin - (kernel - 1) * dilation / 2) / stride</c>, and its neighbours are
/// <c>1 / stride</c> apart.
/// </summary>
public static class OutputSpace
{
    /// <param name="input">Null where the input does not say; then nothing can be said of the output.</param>
    /// <param name="regionOrigin">The first element that is computed, in the layer's full output.</param>
    public static PlannedSpace? Of(ArraySpace? input, ConvTransposeGeometry geometry, Dims regionOrigin)
    {
        int rank = geometry.Input.Count;
        if (input is null || input.Axes.Length != rank)
            return null;
        double[] step = [.. geometry.Strides.Select(stride => 1.0 / stride)];
        double[] origin = [.. Enumerable.Range(0, rank).Select(axis =>
            (regionOrigin[axis] + geometry.PadsBegin[axis] - ((geometry.Kernel[axis] - 1) * geometry.Dilations[axis] / 2.0))
            / geometry.Strides[axis])];
        return PlannedSpaces.Write(input.Resample(origin, step));
    }
}
