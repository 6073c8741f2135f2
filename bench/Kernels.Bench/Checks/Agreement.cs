using Upweave.Bench.Contestants;

namespace Upweave.Bench.Checks;

/// <summary>
/// Whether two outputs are the same layer's. Two orders of summing n products differ by about sqrt(n) roundings of the sum of
/// their magnitudes; eight times that is never seen by chance, and far below what a wrong tap makes.
/// </summary>
internal sealed class Agreement
{
    private const double RoundingUnit = 1.0 / (1 << 24);
    private const double Margin = 8;
    private readonly float[] magnitudes;
    private readonly double relative;

    /// <summary>Takes one run of the kernel over magnitudes.</summary>
    public Agreement(RowData data)
    {
        relative = Margin * RoundingUnit * Math.Sqrt(data.Row.TermsMost);
        using RowData positive = data.Magnitudes();
        using OursContestant kernel = new(positive, threadCount: 1);
        kernel.Run();
        magnitudes = kernel.Output().ToArray();
    }

    /// <summary>Null if all elements agree, else the first that does not.</summary>
    public string? Compare(ReadOnlySpan<float> ours, ReadOnlySpan<float> theirs, string name)
    {
        if (ours.Length != theirs.Length)
            return $"{name} gives {theirs.Length} elements, ours {ours.Length}";
        for (int index = 0; index < ours.Length; index++)
        {
            // Negated, so that NaN is a mismatch.
            if (!(Math.Abs((double)ours[index] - theirs[index]) <= relative * magnitudes[index]))
                return $"element {index}: ours {ours[index]}, {name} {theirs[index]}, sum of magnitudes {magnitudes[index]}";
        }

        return null;
    }
}
