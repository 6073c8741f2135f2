using Upweave.Contracts;
using Upweave.Tiling;

namespace Upweave.Coordinator.Planning;

/// <summary>Reads the vectors of a specification: one number per spatial axis, or one for all of them.</summary>
public static class AxisVector
{
    /// <summary>Numbers outside this range are refused: no extent, stride or pad comes near it, and sums stay in 64 bits.</summary>
    public const long Bound = 1L << 40;

    /// <summary>The most spatial axes of an array.</summary>
    public const int AxesMax = 3;

    /// <summary>The least extent, stride, dilation or factor.</summary>
    public const long ExtentMin = 1;

    /// <summary>The least output padding, or start of a region.</summary>
    public const long OffsetMin = 0;

    /// <summary>The least pad: negative ones extend the output.</summary>
    public const long PadMin = -Bound;

    /// <param name="count">Numbers wanted.</param>
    /// <param name="minimum">The least that each may be.</param>
    /// <returns>Null when a problem was added; <paramref name="count"/> times <paramref name="missing"/> when there is no value.</returns>
    public static Dims? Read(
        string field, IReadOnlyList<long>? values, int count, long missing, long minimum, ICollection<Problem> problems)
    {
        if (values is null)
            return Dims.Repeat(missing, count);
        if (values.Count != 1 && values.Count != count)
        {
            problems.Add(new Problem(field, $"{Show(values)} has {values.Count} numbers.", $"give {count}, or one for all"));
            return null;
        }

        foreach (long value in values)
        {
            if (value >= minimum && value <= Bound)
                continue;
            problems.Add(new Problem(
                field, $"{Show(values)} has {value}, which is not between {minimum} and {Bound}.", $"give {minimum} or more"));
            return null;
        }

        return Dims.Build(count, axis => values[values.Count == 1 ? 0 : axis]);
    }

    private static string Show(IReadOnlyList<long> values) => Dims.Create([.. values]).ToString();
}
