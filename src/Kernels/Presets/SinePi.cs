namespace Upweave.Kernels.Presets;

/// <summary>
/// sin(pi*t) by a Taylor polynomial. The runtime's sine differs between machines in the last bit, and workers must
/// make the same weights; multiplications and additions of doubles do not differ.
/// </summary>
internal static class SinePi
{
    /// <summary>The last term is (pi/2)^21 / 21!, about 3e-16.</summary>
    private const int Terms = 11;

    /// <param name="t">Below 2^52 in magnitude.</param>
    public static double Of(double t)
    {
        // sin(pi*t) has period 2, and sin(pi*(1-t)) = sin(pi*t) brings t into [-1/2, 1/2]; all of these subtractions
        // are exact.
        double reduced = t - (2 * Math.Floor((t + 1) / 2));
        if (Math.Abs(reduced) > 0.5)
            reduced = (reduced > 0 ? 1 : -1) - reduced;
        double x = Math.PI * reduced;
        double term = x;
        double sum = x;
        for (int n = 1; n < Terms; n++)
        {
            term *= -(x * x) / (2 * n * ((2 * n) + 1));
            sum += term;
        }

        return sum;
    }
}
