using System.Runtime.CompilerServices;
using Upweave.Kernels.Lanes;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// The register tiles of the panels: 8 or 4 output channels by 3 vectors of outputs (24 or 12 sums, 3 inputs, 1 weight),
/// and by 2 and 1 for the last outputs of a panel. All blocks of the sum in one call: a block's sums stay in registers,
/// the subtotals of its channels in memory, and the totals where the caller wants them.
/// </summary>
internal static unsafe class PanelsTiles<TVector, TLanes>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    /// <summary>Asking for weights one line per product costs nothing; for all of a block at its start, a tenth of its time.</summary>
    private const int WeightsAhead = 512;

    /// <param name="steps">How many blocks there are: at least one.</param>
    /// <param name="weights">Of the register tile and x-phase: one per row and product.</param>
    /// <param name="rows">Output channels of the register tile: 8 or <see cref="PanelsShape.FewRows"/>.</param>
    /// <param name="panel">The register tile's lines, <paramref name="line"/> floats each.</param>
    /// <param name="subtotals">Room for 3 vectors per row.</param>
    /// <param name="totals">Rows <paramref name="rowStride"/> apart; whole vectors are written.</param>
    /// <param name="columns">Outputs wanted; what lies behind them in their last vector is written too.</param>
    /// <param name="ahead">Asked for on the way, a line per product.</param>
    public static void Run(
        BlockStep* step, int steps, float* weights, int rows, float* panel, nint line, float* subtotals, float* totals, nint rowStride,
        int columns, ref LinesAhead ahead)
    {
        if (columns > 2 * TLanes.Count)
            Run<PanelsRow3<TVector, TLanes>>(step, step + steps, weights, rows, panel, line, subtotals, totals, rowStride, ref ahead);
        else if (columns > TLanes.Count)
            Run<PanelsRow2<TVector, TLanes>>(step, step + steps, weights, rows, panel, line, subtotals, totals, rowStride, ref ahead);
        else
            Run<PanelsRow1<TVector, TLanes>>(step, step + steps, weights, rows, panel, line, subtotals, totals, rowStride, ref ahead);
    }

    private static void Run<TRow>(
        BlockStep* step, BlockStep* end, float* weights, int rows, float* panel, nint line, float* subtotals, float* totals,
        nint rowStride, ref LinesAhead ahead)
        where TRow : struct, IPanelsRow<TVector, TRow>
    {
        if (rows == PanelsShape.FewRows)
            Four<TRow>(step, end, weights, panel, line, subtotals, totals, rowStride, ref ahead);
        else
            Eight<TRow>(step, end, weights, panel, line, subtotals, totals, rowStride, ref ahead);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four<TRow>(
        BlockStep* step, BlockStep* end, float* weights, float* panel, nint line, float* subtotals, float* totals, nint rowStride,
        ref LinesAhead ahead)
        where TRow : struct, IPanelsRow<TVector, TRow>
    {
        nint row = TRow.Vectors * TLanes.Count;
        float** ask = ahead.Next, askEnd = ahead.End;
        TRow inputs = default, a = default, b = default, c = default, d = default;
        do
        {
            float* w = weights + (step->Weights * (nint)4);
            float* x = panel + (step->Panel * line);
            int channels = step->Channels;
            a.Clear();
            b.Clear();
            c.Clear();
            d.Clear();
            do
            {
                inputs.Load(x);
                a.AddProducts(inputs, TLanes.Broadcast(w));
                b.AddProducts(inputs, TLanes.Broadcast(w + 1));
                c.AddProducts(inputs, TLanes.Broadcast(w + 2));
                d.AddProducts(inputs, TLanes.Broadcast(w + 3));
                if (ask != askEnd)
                    CacheLines.AskFor(*ask++);
                w += 4;
                x += line;
            }
            while (--channels > 0);

            Close(step, ref a, subtotals, totals);
            Close(step, ref b, subtotals + row, totals + rowStride);
            Close(step, ref c, subtotals + (2 * row), totals + (2 * rowStride));
            Close(step, ref d, subtotals + (3 * row), totals + (3 * rowStride));
        }
        while (++step < end);
        ahead.Next = ask;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Eight<TRow>(
        BlockStep* step, BlockStep* end, float* weights, float* panel, nint line, float* subtotals, float* totals, nint rowStride,
        ref LinesAhead ahead)
        where TRow : struct, IPanelsRow<TVector, TRow>
    {
        nint row = TRow.Vectors * TLanes.Count;
        float** ask = ahead.Next, askEnd = ahead.End;
        TRow inputs = default, a = default, b = default, c = default, d = default;
        TRow e = default, f = default, g = default, h = default;
        do
        {
            float* w = weights + (step->Weights * (nint)8);
            float* x = panel + (step->Panel * line);
            int channels = step->Channels;
            a.Clear();
            b.Clear();
            c.Clear();
            d.Clear();
            e.Clear();
            f.Clear();
            g.Clear();
            h.Clear();
            do
            {
                inputs.Load(x);
                a.AddProducts(inputs, TLanes.Broadcast(w));
                b.AddProducts(inputs, TLanes.Broadcast(w + 1));
                c.AddProducts(inputs, TLanes.Broadcast(w + 2));
                d.AddProducts(inputs, TLanes.Broadcast(w + 3));
                e.AddProducts(inputs, TLanes.Broadcast(w + 4));
                f.AddProducts(inputs, TLanes.Broadcast(w + 5));
                g.AddProducts(inputs, TLanes.Broadcast(w + 6));
                h.AddProducts(inputs, TLanes.Broadcast(w + 7));
                CacheLines.AskFor(w + WeightsAhead);
                if (ask != askEnd)
                    CacheLines.AskFor(*ask++);
                w += 8;
                x += line;
            }
            while (--channels > 0);

            Close(step, ref a, subtotals, totals);
            Close(step, ref b, subtotals + row, totals + rowStride);
            Close(step, ref c, subtotals + (2 * row), totals + (2 * rowStride));
            Close(step, ref d, subtotals + (3 * row), totals + (3 * rowStride));
            Close(step, ref e, subtotals + (4 * row), totals + (4 * rowStride));
            Close(step, ref f, subtotals + (5 * row), totals + (5 * rowStride));
            Close(step, ref g, subtotals + (6 * row), totals + (6 * rowStride));
            Close(step, ref h, subtotals + (7 * row), totals + (7 * rowStride));
        }
        while (++step < end);
        ahead.Next = ask;
    }

    /// <summary>Where a block's sums go: to the subtotals, and from the last tap over its channels on to the totals.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Close<TRow>(BlockStep* step, ref TRow sums, float* subtotals, float* totals)
        where TRow : struct, IPanelsRow<TVector, TRow>
    {
        if (!step->StartsSubtotal)
            sums.Add(subtotals);
        float* target = subtotals;
        if (step->EndsSubtotal)
        {
            target = totals;
            if (!step->StartsTotal)
                sums.Add(totals);
        }

        sums.Store(target);
    }
}
