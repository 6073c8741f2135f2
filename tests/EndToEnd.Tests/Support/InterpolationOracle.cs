namespace Upweave.EndToEnd.Tests.Support;

/// <summary>
/// PyTorch's interpolate(align_corners=False), axis after axis in double: an output o lies at (o + 0.5)/s - 0.5 in the input,
/// and samples beyond the border are those at the border.
/// </summary>
internal static class InterpolationOracle
{
    private const double A = -0.75;

    /// <summary>Enlarges every axis but the first <paramref name="channelAxes"/>.</summary>
    public static double[] Enlarge(string preset, double[] values, long[] shape, int channelAxes, int scale)
    {
        long[] current = [.. shape];
        for (int axis = channelAxes; axis < shape.Length; axis++)
        {
            values = EnlargeAxis(preset, values, current, axis, scale);
            current[axis] *= scale;
        }

        return values;
    }

    private static double[] EnlargeAxis(string preset, double[] values, long[] shape, int axis, int scale)
    {
        long extent = shape[axis];
        long inner = shape.Skip(axis + 1).Aggregate(1L, (product, next) => product * next);
        double[] result = new double[values.Length * scale];
        for (long target = 0; target < result.Length; target++)
        {
            long o = target / inner % (extent * scale);
            long outer = target / inner / (extent * scale);
            double sum = 0;
            foreach ((long sample, double weight) in Samples(preset, o, scale))
                sum += weight * values[(((outer * extent) + Math.Clamp(sample, 0, extent - 1)) * inner) + (target % inner)];
            result[target] = sum;
        }

        return result;
    }

    private static IEnumerable<(long Sample, double Weight)> Samples(string preset, long output, int scale)
    {
        double place = ((output + 0.5) / scale) - 0.5;
        long first = (long)Math.Floor(place);
        double t = place - first;
        return preset switch
        {
            "nearest" => [(output / scale, 1)],
            "linear" => [(first, 1 - t), (first + 1, t)],
            "bicubic" => [(first - 1, Far(t + 1)), (first, Near(t)), (first + 1, Near(1 - t)), (first + 2, Far(2 - t))],
            _ => throw new ArgumentOutOfRangeException(nameof(preset), preset, "There is no formula for it here."),
        };
    }

    private static double Near(double x) => ((((A + 2) * x) - (A + 3)) * x * x) + 1;

    private static double Far(double x) => (((((A * x) - (5 * A)) * x) + (8 * A)) * x) - (4 * A);
}
