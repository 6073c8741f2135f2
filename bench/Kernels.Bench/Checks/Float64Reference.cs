using Upweave.Bench.Contestants;
using Upweave.Bench.Shapes;
using Upweave.Tiling;

namespace Upweave.Bench.Checks;

/// <summary>
/// Outputs of a row in float64, straight from the formula: any that is asked for, and some that stand for all, the first, the
/// last and others at random (of a small row all).
/// </summary>
internal sealed class Float64Reference
{
    private const int OutputsMost = 4000;
    private const long TermsMost = 8_000_000;
    private const int Seed = 64;
    private readonly RowData data;

    /// <param name="outputsMost">Drawn, if the row's terms allow it.</param>
    public Float64Reference(RowData data, int outputsMost = OutputsMost)
    {
        this.data = data;
        long total = data.Row.OutputShape.Volume;
        long count = Math.Min(outputsMost, Math.Max(64, TermsMost / data.Row.TermsMost));
        Random random = new(Seed);
        IEnumerable<long> indices = count >= total
            ? Enumerable.Range(0, (int)total).Select(index => (long)index)
            : [0, total - 1, .. Enumerable.Range(0, (int)count).Select(_ => random.NextInt64(total))];
        Drawn = [.. indices.Select(index => (index, Compute(index)))];
    }

    /// <summary>The outputs that stand for all.</summary>
    public IReadOnlyList<(long Index, Exact Exact)> Drawn { get; }

    /// <summary>Square root of the sum of squared errors over that of squared values.</summary>
    public double RelativeRmsError(ReadOnlySpan<float> output)
    {
        double errors = 0, squares = 0;
        foreach ((long index, Exact exact) in Drawn)
        {
            double error = output[(int)index] - exact.Value;
            errors += error * error;
            squares += exact.Value * exact.Value;
        }

        return squares == 0 ? 0 : Math.Sqrt(errors / squares);
    }

    /// <summary>One output.</summary>
    /// <param name="index">In [N, Cout, out...].</param>
    public Exact Compute(long index)
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

        double sum = 0, magnitude = 0;
        for (long c = 0; c < row.Layer.InputChannelsPerGroup; c++)
        {
            long source = (group * row.Layer.InputChannelsPerGroup) + c;
            int plane = (int)(((item * row.Layer.InputChannels) + source) * g.Input.Volume);
            int kernel = (int)(((source * row.Layer.OutputChannelsPerGroup) + channelOfGroup) * g.Kernel.Volume);
            foreach ((long input, long tap) in pairs)
            {
                double product = (double)data.Input.Floats[plane + (int)input] * data.Weights.Floats[kernel + (int)tap];
                sum += product;
                magnitude += Math.Abs(product);
            }
        }

        return new Exact(sum, magnitude);
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
