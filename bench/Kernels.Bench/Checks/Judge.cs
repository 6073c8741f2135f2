using Upweave.Bench.Contestants;

namespace Upweave.Bench.Checks;

/// <summary>
/// Says who computes a row wrong. The float64 reference judges everyone on its outputs; where ours and a peer that passed differ
/// elsewhere, it judges both there.
/// </summary>
internal sealed class Judge
{
    private readonly Float64Reference reference;
    private readonly Tolerance tolerance;
    private readonly float[] magnitudes;

    /// <param name="magnitudes">The sum of magnitudes behind each output: a kernel's output for magnitudes.</param>
    /// <exception cref="InvalidOperationException">The magnitudes are wrong.</exception>
    public Judge(RowData data, Float64Reference reference, ReadOnlySpan<float> magnitudes)
    {
        this.reference = reference;
        this.magnitudes = magnitudes.ToArray();
        tolerance = new Tolerance(data.Row);
        foreach ((long index, Exact exact) in reference.Drawn)
        {
            // They are such sums too.
            if (!tolerance.Allows(magnitudes[(int)index], exact with { Value = exact.Magnitude }))
                throw new InvalidOperationException($"ours is wrong at element {index} of a layer of magnitudes");
        }
    }

    /// <summary>Takes the magnitudes from one run of our kernel, and does not trust them further than <see cref="Tolerance"/> says.</summary>
    public static Judge Create(RowData data, Float64Reference reference)
    {
        using RowData positive = data.Magnitudes();
        using OursContestant kernel = new(positive, threadCount: 1);
        kernel.Run();
        return new Judge(data, reference, kernel.Output());
    }

    /// <summary>What the reference finds wrong in an output by itself; null if nothing.</summary>
    public Fault? FindFault(ReadOnlySpan<float> output)
    {
        foreach ((long index, Exact exact) in reference.Drawn)
        {
            if (!tolerance.Allows(output[(int)index], exact))
                return new Fault(index, output[(int)index], exact);
        }

        return null;
    }

    /// <summary>Compares all elements of two outputs without a known fault, and lets the reference decide where they differ.</summary>
    /// <returns>The fault of each at the first such element; both null where all agree.</returns>
    public (Fault? Ours, Fault? Theirs) Compare(ReadOnlySpan<float> ours, ReadOnlySpan<float> theirs)
    {
        for (int index = 0; index < ours.Length; index++)
        {
            if (tolerance.Allows(ours[index], theirs[index], magnitudes[index]))
                continue;
            Exact exact = reference.Compute(index);
            Fault? our = FaultAt(index, ours[index], exact), their = FaultAt(index, theirs[index], exact);
            // Only a wrong sum of magnitudes makes a difference of outputs that are both right; and that sum is ours.
            return our is null && their is null ? (new Fault(index, ours[index], exact), null) : (our, their);
        }

        return (null, null);
    }

    private Fault? FaultAt(long index, float value, Exact exact) =>
        tolerance.Allows(value, exact) ? null : new Fault(index, value, exact);
}
