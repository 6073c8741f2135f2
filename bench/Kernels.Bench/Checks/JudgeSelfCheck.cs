using Upweave.Bench.Contestants;
using Upweave.Bench.Shapes;
using Upweave.Kernels;
using Upweave.Tiling;

namespace Upweave.Bench.Checks;

/// <summary>
/// Spoils right outputs of a small layer, an element at a time, and sees that the judge says whose is wrong and where. Runs before
/// the rows: what a judge lets pass cannot be seen in a table.
/// </summary>
internal static class JudgeSelfCheck
{
    /// <summary>Less than almost every product of two of these numbers, so less than almost every wrong tap makes.</summary>
    private const float Wrong = 1e-3f;

    /// <exception cref="InvalidOperationException">The judge is wrong.</exception>
    public static void Run()
    {
        using RowData data = new(Row());
        // Few outputs drawn, as of a large row, and all of them: a fault must be found wherever it is.
        foreach (int drawn in new[] { 8, int.MaxValue })
        {
            Float64Reference reference = new(data, drawn);
            HashSet<long> known = [.. reference.Drawn.Select(one => one.Index)];
            Exact[] exact = [.. Enumerable.Range(0, (int)data.Row.OutputShape.Volume).Select(index => reference.Compute(index))];
            float[] right = [.. exact.Select(one => (float)one.Value)];
            // A wrong kernel gives wrong magnitudes too, and must not excuse itself by them.
            Judge judge = new(data, reference, [.. exact.Select((one, index) => known.Contains(index) ? (float)one.Magnitude : float.MaxValue)]);
            Expect(judge.FindFault(right) is null && judge.Compare(right, right) == (null, null), "a right output is wrong");
            for (int index = 0; index < right.Length; index++)
            {
                foreach (float value in new[] { right[index] + Wrong, right[index] - Wrong, float.NaN, float.PositiveInfinity })
                {
                    Spoil(judge, right, index, value, known.Contains(index));
                }
            }
        }
    }

    private static void Spoil(Judge judge, float[] right, int index, float value, bool isDrawn)
    {
        float[] spoilt = [.. right];
        spoilt[index] = value;
        Expect(judge.FindFault(spoilt)?.Index == (isDrawn ? index : null), $"element {index} = {value} is judged wrongly by itself");
        (Fault? ours, Fault? theirs) = judge.Compare(spoilt, right);
        Expect(ours?.Index == index && theirs is null, $"element {index} = {value} of ours passes beside a right peer");
        (ours, theirs) = judge.Compare(right, spoilt);
        Expect(ours is null && theirs?.Index == index, $"element {index} = {value} of a peer passes, or is taken for ours");
    }

    private static void Expect(bool holds, string otherwise)
    {
        if (!holds)
            throw new InvalidOperationException($"The check of the judge has failed: {otherwise}.");
    }

    /// <summary>Two groups, more taps than stride, uneven pads: 2 x 4 outputs of 11 x 8.</summary>
    private static ShapeRow Row() => new(
        "self-check", 2,
        new ConvTransposeLayer
        {
            InputChannels = 6,
            OutputChannels = 4,
            Groups = 2,
            Geometry = new ConvTransposeGeometry
            {
                Input = [5, 4],
                Kernel = [5, 3],
                Strides = [2, 2],
                PadsBegin = [1, 0],
                PadsEnd = [2, 1],
                OutputPadding = [1, 0],
                Dilations = [1, 1],
            },
        },
        "");
}
