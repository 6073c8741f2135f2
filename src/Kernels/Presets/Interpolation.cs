namespace Upweave.Kernels.Presets;

/// <summary>
/// An interpolation between equally spaced samples: a symmetric weight function of the distance to a sample.
/// </summary>
/// <param name="Support">
/// The weight is 0 from this distance on, in samples; 0 marks nearest, which has no such function.
/// </param>
internal sealed record Interpolation(int Support, Func<double, double> Weight)
{
    private static readonly Interpolation Linear = new(1, distance => 1 - Math.Abs(distance));

    /// <summary>The interpolation of a name; null where there is none.</summary>
    public static Interpolation? Find(string name) => name switch
    {
        "nearest" => new Interpolation(0, _ => 1),
        "linear" or "bilinear" or "trilinear" => Linear,
        "bicubic" => new Interpolation(2, Cubic),
        "lanczos3" => new Interpolation(3, Lanczos3),
        _ => null,
    };

    /// <summary>Keys' cubic convolution (1981) with a = -0.75, as in PyTorch and OpenCV.</summary>
    private static double Cubic(double distance)
    {
        const double a = -0.75;
        double t = Math.Abs(distance);
        return t <= 1
            ? ((((a + 2) * t) - (a + 3)) * t * t) + 1
            : (((((t - 5) * a * t) + (8 * a)) * t) - (4 * a));
    }

    /// <summary>sinc(t) * sinc(t/3), with sinc(t) = sin(pi*t) / (pi*t).</summary>
    private static double Lanczos3(double distance) => Sinc(distance) * Sinc(distance / 3);

    private static double Sinc(double t) => t == 0 ? 1 : SinePi.Of(t) / (Math.PI * t);
}
