using System.Runtime.Intrinsics;

namespace Upweave.Cli.Demo;

/// <summary>
/// Draws a Julia set: z -> z^2 + c, coloured by how soon a point escapes. It has detail at every size, thin filaments
/// and smooth slopes, which is what upsampling is judged by.
/// </summary>
internal static class JuliaPicture
{
    private const double RealC = -0.7269;
    private const double ImaginaryC = 0.1889;

    /// <summary>Half of the height of what is seen, in the complex plane.</summary>
    private const double HalfHeight = 0.72;

    private const int StepsMax = 500;

    /// <summary>Large, so that the smooth count has no visible bands.</summary>
    private const double EscapeRadiusSquared = 1 << 16;

    /// <summary>Points per pixel, one in each lane: with a single one filaments would shatter into dots.</summary>
    private const int Samples = 4;

    /// <returns>[3, height, width] in C order: red, green and blue planes.</returns>
    public static byte[] Draw(int width, int height, CancellationToken cancellationToken)
    {
        int area = checked(width * height);
        byte[] planes = new byte[checked(3 * area)];
        ParallelOptions options = new() { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, height, options, row =>
        {
            for (int column = 0; column < width; column++)
            {
                (double red, double green, double blue) = Pixel(column, row, width, height);
                int at = (row * width) + column;
                planes[at] = ToByte(red);
                planes[at + area] = ToByte(green);
                planes[at + (2 * area)] = ToByte(blue);
            }
        });
        return planes;
    }

    private static (double Red, double Green, double Blue) Pixel(int column, int row, int width, int height)
    {
        double step = 2 * HalfHeight / height;
        Vector256<double> x = Vector256.Create(column - (width / 2.0)) + Vector256.Create(0.25, 0.75, 0.25, 0.75);
        Vector256<double> y = Vector256.Create(row - (height / 2.0)) + Vector256.Create(0.25, 0.25, 0.75, 0.75);
        Vector256<double> steps = Escape(x * step, y * step);
        (double red, double green, double blue) = (0, 0, 0);
        for (int sample = 0; sample < Samples; sample++)
        {
            (double r, double g, double b) = Colour(steps[sample]);
            (red, green, blue) = (red + (r / Samples), green + (g / Samples), blue + (b / Samples));
        }

        return (red, green, blue);
    }

    /// <summary>Steps until each point escapes, with a fraction: steps + 1 - log2(log2|z|). Infinite where it never does.</summary>
    private static Vector256<double> Escape(Vector256<double> x, Vector256<double> y)
    {
        Vector256<double> steps = Vector256<double>.Zero;
        Vector256<double> norm = Vector256<double>.Zero;
        for (int step = 0; step < StepsMax; step++)
        {
            Vector256<double> xx = x * x;
            Vector256<double> yy = y * y;
            norm = xx + yy;
            Vector256<double> inside = Vector256.LessThanOrEqual(norm, Vector256.Create(EscapeRadiusSquared));
            if (inside == Vector256<double>.Zero)
                break;

            // A point that has escaped stays where it is, and its count with it.
            y = Vector256.ConditionalSelect(inside, (x * y * 2) + Vector256.Create(ImaginaryC), y);
            x = Vector256.ConditionalSelect(inside, xx - yy + Vector256.Create(RealC), x);
            steps += inside & Vector256<double>.One;
        }

        return Vector256.Create(
            Smooth(steps[0], norm[0]), Smooth(steps[1], norm[1]), Smooth(steps[2], norm[2]), Smooth(steps[3], norm[3]));
    }

    private static double Smooth(double steps, double norm) =>
        norm > EscapeRadiusSquared ? steps + 1 - Math.Log2(0.5 * Math.Log2(norm)) : double.PositiveInfinity;

    /// <summary>A cosine palette over the logarithm of the steps, from night blue over gold to white; the inside is dark.</summary>
    private static (double Red, double Green, double Blue) Colour(double steps)
    {
        if (double.IsPositiveInfinity(steps))
            return (0.02, 0.02, 0.06);
        double phase = (0.9 * Math.Log2(Math.Max(1, steps))) - 2.2;
        return (Wave(phase), Wave(phase - 0.12), Wave(phase - 0.28));
    }

    private static double Wave(double phase) => 0.5 - (0.5 * Math.Cos(2 * Math.PI * phase / 2.6));

    private static byte ToByte(double value) => (byte)Math.Clamp(Math.Round(255 * value), 0, 255);
}
