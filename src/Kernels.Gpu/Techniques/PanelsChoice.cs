namespace Upweave.Kernels.Gpu.Techniques;

/// <summary>The cut of panels that a call is expected to be fastest with. It has no influence on what is computed.</summary>
/// <param name="IsSplit">Whether each chunk of channels is computed by work groups of its own.</param>
internal readonly record struct PanelsChoice(PanelsShape Shape, bool IsSplit)
{
    /// <summary>
    /// Multiply-adds per second and multiprocessor: 128 at 1.9 GHz. Cuts are compared, so another device needs no other number.
    /// </summary>
    private const double Rate = 2.43e11;

    /// <summary>Work items that keep a multiprocessor busy: two warps for each of its four schedulers.</summary>
    private const int ItemsBusy = 256;
    private const double LaunchSeconds = 4e-6;
    private const double BytesPerSecond = 2e12;

    /// <summary>The subtotals of all chunks take so much at most.</summary>
    private const long SplitBytesMost = 256 << 20;

    /// <param name="panels">Panels in all groups.</param>
    /// <param name="rows">Of a panel.</param>
    /// <param name="columns">Of the panel that has most.</param>
    /// <param name="products">Per output, in the phase that has most.</param>
    /// <param name="outputs">Of the call.</param>
    public static PanelsChoice Of(int computeUnits, long panels, int rows, long columns, long products, int chunks, long outputs)
    {
        PanelsChoice best = default;
        double least = double.PositiveInfinity;
        foreach (PanelsShape shape in PanelsShape.All)
        {
            long groups = panels * CeilDiv(rows, shape.Rows) * CeilDiv(columns, shape.Columns);
            Consider(new PanelsChoice(shape, IsSplit: false), Seconds(shape, groups, products));
            long splitBytes = sizeof(float) * outputs * (chunks + 1);
            if (chunks > 1 && splitBytes <= SplitBytesMost)
            {
                double more = LaunchSeconds + (2 * splitBytes / BytesPerSecond);
                Consider(new PanelsChoice(shape, IsSplit: true), more + Seconds(shape, groups * chunks, CeilDiv(products, chunks)));
            }
        }

        return best;

        // With too few work items on a multiprocessor each takes as long as with enough.
        double Seconds(PanelsShape shape, long groups, long depth)
        {
            double work = shape.Rows * shape.Columns * depth / (Rate * shape.Efficiency);
            return work * Math.Max(CeilDiv(groups, computeUnits), (double)ItemsBusy / shape.Items);
        }

        void Consider(PanelsChoice choice, double seconds)
        {
            if (seconds < least)
                (best, least) = (choice, seconds);
        }
    }

    private static long CeilDiv(long a, long b) => (a + b - 1) / b;
}
