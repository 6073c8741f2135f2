namespace Upweave.Kernels.Presets;

/// <summary>
/// The taps of an interpolation on one axis, for an integer scale s. Output o lies at (o + 0.5)/s - 0.5 in input
/// samples (align_corners=False). Tap k of input i writes output o = i*s + k - pad, whose distance to the sample is
/// (k - c)/s with c = pad + (s-1)/2; so tap k has the interpolation's weight there. With support a,
/// <code>
/// even s: K = 2*a*s,     pad = (2a-1)*s/2        c = a*s - 1/2
/// odd s:  K = 2*a*s - 1, pad = ((2a-1)*s - 1)/2  c = a*s - 1
/// </code>
/// holds every tap within the support. nearest has K = s, pad = 0. s = 1 is the identity. Taps of one phase (k equal
/// modulo s) are divided by their sum, which is 1 already for linear and cubic.
/// </summary>
/// <param name="Taps">Weights in kernel order.</param>
/// <param name="Pad">Padding at both ends, so that the output is input * s.</param>
internal sealed record AxisFilter(double[] Taps, int Pad)
{
    public static AxisFilter Create(Interpolation interpolation, int scale)
    {
        if (scale == 1)
            return new AxisFilter([1.0], 0);
        if (interpolation.Support == 0)
            return new AxisFilter(Enumerable.Repeat(1.0, scale).ToArray(), 0);
        int odd = scale % 2;
        double[] taps = new double[checked((2 * interpolation.Support * scale) - odd)];
        int pad = ((((2 * interpolation.Support) - 1) * scale) - odd) / 2;
        double center = (taps.Length - 1) / 2.0;
        for (int k = 0; k < taps.Length; k++)
            taps[k] = interpolation.Weight((k - center) / scale);
        Normalise(taps, scale);
        return new AxisFilter(taps, pad);
    }

    private static void Normalise(double[] taps, int scale)
    {
        for (int phase = 0; phase < scale; phase++)
        {
            double sum = 0;
            for (int k = phase; k < taps.Length; k += scale)
                sum += taps[k];
            for (int k = phase; k < taps.Length; k += scale)
                taps[k] /= sum;
        }
    }
}
