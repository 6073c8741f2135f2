using Upweave.Bench.Contestants;
using Upweave.Bench.Shapes;
using Upweave.Tiling;

namespace Upweave.Bench.Checks;

/// <summary>Some outputs of a row in float64, straight from the formula: the first, the last, and others at random.</summary>
internal sealed class Float64Reference
{
    private const int OutputsMost = 4000;
    private const long TermsMost = 8_000_000;
    private const int Seed = 64;
    private readonly int[] indices;
    private readonly double[] values;

    public Float64Reference(RowData data)
    {
        long total = data.Row.OutputShape.Volume;
        int count = (int)Math.Min(Math.Min(total, OutputsMost), Math.Max(64, TermsMost / data.Row.TermsMost));
        Random random = new(Seed);
        indices = [0, (int)total - 1, .. Enumerable.Range(0, count).Select(_ => random.Next((int)total))];
        values = [.. indices.Select(index => Compute(data, index))];
    }

    /// <summary>Square root of the sum of squared errors over that of squared values.</summary>
    public double RelativeRmsError(ReadOnlySpan<float> output)
    {
        double errors = 0, squares = 0;
        for (int index = 0; index < indices.Length; index++)
        {
            double error = output[indices[index]] - values[index];
            errors += error * error;
            squares += values[index] * values[index];
        }

        return squares == 0 ? 0 : Math.Sqrt(errors / squares);
    }

    private static double Compute(RowData data, long index)
    {
        ShapeRow row = data.Row;
        ConvTransposeGeometry g = row.Layer.Geometry;
        int rank = g.Rank;
        long[] position = new long[rank];
        for (int axis = rank - 1; axis >= 0; axis--)
        {
            (index, position[axis]) = Math.DivRem(index, row.Output[axis]);
        }

        (long item, long channel) = Math.DivRem(index, row.Layer.OutputChannels);
        (long group, long channelOfGroup) = Math.DivRem(channel, row.Layer.OutputChannelsPerGroup);
        List<(long Input, long Tap)> pairs = [(0, 0)];
        for (int axis = 0; axis < rank; axis++)
        {
            pairs = [.. pairs.SelectMany(_ => AxisPairs(g, axis, position[axis]), (outer, inner) =>
                ((outer.Input * g.Input[axis]) + inner.Input, (outer.Tap * g.Kernel[axis]) + inner.Tap))];
        }

        double sum = 0;
        for (long c = 0; c < row.Layer.InputChannelsPerGroup; c++)
        {
            long source = (group * row.Layer.InputChannelsPerGroup) + c;
            int plane = (int)(((item * row.Layer.InputChannels) + source) * g.Input.Volume);
            int kernel = (int)(((source * row.Layer.OutputChannelsPerGroup) + channelOfGroup) * g.Kernel.Volume);
            foreach ((long input, long tap) in pairs)
            {
                sum += (double)data.Input.Floats[plane + (int)input] * data.Weights.Floats[kernel + (int)tap];
            }
        }

        return sum;
    }

    /// <summary>The (input, tap) pairs of an axis that land on this output.</summary>
    private static IEnumerable<(long Input, long Tap)> AxisPairs(ConvTransposeGeometry g, int axis, long output)
    {
        for (long tap = 0; tap < g.Kernel[axis]; tap++)
        {
            long scaled = output + g.PadsBegin[axis] - (tap * g.Dilations[axis]);
            if (scaled >= 0 && scaled % g.Strides[axis] == 0 && scaled / g.Strides[axis] < g.Input[axis])
                yield return (scaled / g.Strides[axis], tap);
        }
    }
}
