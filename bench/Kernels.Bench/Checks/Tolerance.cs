using Upweave.Bench.Shapes;

namespace Upweave.Bench.Checks;

/// <summary>
/// How far right outputs may be apart. A sum of n products in any order is off by about sqrt(n) roundings of the sum of their
/// magnitudes; four times that is never seen by chance, and far below what a wrong tap makes.
/// </summary>
internal readonly struct Tolerance(ShapeRow row)
{
    private const double RoundingUnit = 1.0 / (1 << 24);
    private const double Margin = 4;
    private readonly double relative = Margin * RoundingUnit * Math.Sqrt(row.TermsMost);

    /// <summary>Numbers and weights are in [-1, 1): no sum of magnitudes is larger, whatever was computed for it.</summary>
    private readonly double magnitudeMost = row.TermsMost;

    /// <summary>Whether an output can be a rounded sum. Negated comparisons: NaN never is.</summary>
    public bool Allows(float output, Exact exact) => Math.Abs(output - exact.Value) <= relative * exact.Magnitude;

    /// <summary>
    /// Whether two outputs can be the same sum: each may be off by its part, so of two that are not, one is wrong.
    /// </summary>
    public bool Allows(float one, float other, float magnitude) =>
        Math.Abs((double)one - other) <= 2 * relative * Math.Min(magnitude, magnitudeMost);
}
