namespace Upweave.EndToEnd.Tests.Support;

internal static class FloatAssert
{
    /// <summary>Every element within a tolerance of what is expected; names the worst.</summary>
    public static void Within(double tolerance, IReadOnlyList<float> expected, IReadOnlyList<float> actual) =>
        Within(tolerance, [.. expected.Select(value => (double)value)], actual);

    /// <inheritdoc cref="Within(double, IReadOnlyList{float}, IReadOnlyList{float})"/>
    public static void Within(double tolerance, double[] expected, IReadOnlyList<float> actual)
    {
        Assert.Equal(expected.Length, actual.Count);
        int worst = Enumerable.Range(0, expected.Length).MaxBy(index => Error(expected[index], actual[index]));
        Assert.True(
            Error(expected[worst], actual[worst]) <= tolerance,
            $"Element {worst}: {actual[worst]}, expected {expected[worst]} within {tolerance}.");
    }

    /// <summary>Not a number counts as infinitely far.</summary>
    private static double Error(double expected, float actual)
    {
        double error = Math.Abs(expected - actual);
        return double.IsNaN(error) ? double.PositiveInfinity : error;
    }
}
