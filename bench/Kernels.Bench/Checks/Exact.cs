namespace Upweave.Bench.Checks;

/// <summary>One output in float64.</summary>
/// <param name="Value">The sum of its products.</param>
/// <param name="Magnitude">The sum of their magnitudes.</param>
internal readonly record struct Exact(double Value, double Magnitude);
