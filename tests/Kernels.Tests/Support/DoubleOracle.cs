using Upweave.Tiling;

namespace Upweave.Kernels.Tests.Support;

/// <summary>An output and the sum of its terms' magnitudes, which bounds a float32 result's error.</summary>
internal readonly record struct OracleValue(double Value, double TermSum);

/// <summary>
/// The operator in double and the other way round: every input position, far enough beyond the borders, scatters its
/// products to the outputs they belong to. Shares no formula with the kernels. Bias included, activation not.
/// </summary>
internal static class DoubleOracle
{
    public static OracleValue[] Compute(LayerCase layerCase)
    {
        ConvTransposeLayer layer = layerCase.Layer;
        ConvTransposeGeometry geometry = layer.Geometry;
        Box extended = Extended(geometry);
        float[] input = layerCase.PaddedInput(extended);
        Box whole = layerCase.WholeOutput;
        OracleValue[] output = new OracleValue[layer.OutputChannels * whole.Volume];
        for (int index = 0; index < output.Length && layerCase.Bias.Length > 0; index++)
        {
            double bias = layerCase.Bias[index / whole.Volume];
            output[index] = new OracleValue(bias, Math.Abs(bias));
        }

        int next = 0;
        for (int channel = 0; channel < layer.InputChannels; channel++)
        {
            foreach (long[] position in LayerCase.Positions(extended))
                Scatter(layerCase, channel, position, input[next++], output);
        }

        return output;
    }

    private static Box Extended(ConvTransposeGeometry geometry)
    {
        long Reach(int axis) => geometry.Border(axis);
        return new Box(
            Dims.Build(geometry.Rank, axis => -Reach(axis)),
            Dims.Build(geometry.Rank, axis => geometry.Input[axis] + (2 * Reach(axis))));
    }

    /// <summary>No output reads further beyond the input than this.</summary>
    private static long Border(this ConvTransposeGeometry geometry, int axis) =>
        (geometry.Kernel[axis] * geometry.Dilations[axis]) + Math.Abs(geometry.PadsBegin[axis])
        + Math.Abs(geometry.PadsEnd[axis]) + geometry.OutputPadding[axis];

    private static void Scatter(LayerCase layerCase, int channel, long[] position, float value, OracleValue[] output)
    {
        if (value == 0)
            return;
        ConvTransposeLayer layer = layerCase.Layer;
        ConvTransposeGeometry geometry = layer.Geometry;
        Box whole = layerCase.WholeOutput;
        int group = channel / layer.InputChannelsPerGroup;
        long tap = 0;
        foreach (long[] k in LayerCase.Positions(Box.Whole(geometry.Kernel)))
        {
            if (Target(geometry, whole.Shape, position, k) is long target)
            {
                for (int o = 0; o < layer.OutputChannelsPerGroup; o++)
                {
                    double weight = layerCase.Weights[(((channel * layer.OutputChannelsPerGroup) + o) * geometry.Kernel.Volume) + tap];
                    ref OracleValue to = ref output[(((group * layer.OutputChannelsPerGroup) + o) * whole.Volume) + target];
                    to = new OracleValue(to.Value + (value * weight), to.TermSum + Math.Abs(value * weight));
                }
            }

            tap++;
        }
    }

    private static long? Target(ConvTransposeGeometry geometry, Dims output, long[] input, long[] tap)
    {
        long index = 0;
        for (int axis = 0; axis < input.Length; axis++)
        {
            long o = (input[axis] * geometry.Strides[axis]) + (tap[axis] * geometry.Dilations[axis]) - geometry.PadsBegin[axis];
            if (o < 0 || o >= output[axis])
                return null;
            index = (index * output[axis]) + o;
        }

        return index;
    }
}
