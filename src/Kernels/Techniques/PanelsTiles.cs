using System.Runtime.CompilerServices;
using Upweave.Kernels.Lanes;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// The register tiles of the panels. All blocks of the sum in one call: a block's sums stay in registers, and the totals where the
/// caller wants them. Where registers are few, and for the last channels: 4 output channels by 3 vectors of outputs (12 sums, 3 inputs,
/// 1 weight), and by 2 and 1 for the last outputs of a panel; the subtotals of a block's channels are in memory.
/// </summary>
internal static unsafe partial class PanelsTiles<TVector, TLanes>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    /// <param name="steps">How many blocks there are: at least one.</param>
    /// <param name="weights">Of the register tile and x-phase: one per row and product.</param>
    /// <param name="rows">Output channels of the register tile: 8 or <see cref="PanelsShape.FewRows"/>.</param>
    /// <param name="panel">The register tile's lines, <paramref name="line"/> floats each.</param>
    /// <param name="subtotals">Room for 3 vectors per row.</param>
    /// <param name="totals">Rows <paramref name="rowStride"/> apart; whole vectors are written.</param>
    /// <param name="columns">Outputs wanted; what lies behind them in their last vector is written too.</param>
    /// <param name="ahead">Asked for on the way.</param>
    public static void Run(
        BlockStep* step, int steps, float* weights, int rows, float* panel, nint line, float* subtotals, float* totals, nint rowStride,
        int columns, ref LinesAhead ahead)
    {
        if (rows > PanelsShape.FewRows)
            Eight(step, step + steps, weights, panel, line, totals, rowStride, columns, ref ahead);
        else if (columns > 2 * TLanes.Count)
            Four<PanelsRow3<TVector, TLanes>>(step, step + steps, weights, panel, line, subtotals, totals, rowStride, ref ahead);
        else if (columns > TLanes.Count)
            Four<PanelsRow2<TVector, TLanes>>(step, step + steps, weights, panel, line, subtotals, totals, rowStride, ref ahead);
        else
            Four<PanelsRow1<TVector, TLanes>>(step, step + steps, weights, panel, line, subtotals, totals, rowStride, ref ahead);
    }

    /// <summary>Channels that pass by in the inner loops, for so many products of an output.</summary>
    public static long Channels(long products, int rows, int columns)
    {
        int width = rows > PanelsShape.FewRows ? TLanes.Count : PanelsShape.TileVectors * TLanes.Count;
        return products * ((columns + width - 1) / width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four<TRow>(
        BlockStep* step, BlockStep* end, float* weights, float* panel, nint line, float* subtotals, float* totals, nint rowStride,
        ref LinesAhead ahead)
        where TRow : struct, IPanelsRow<TVector, TRow>
    {
        nint row = TRow.Vectors * TLanes.Count;
        float** ask = ahead.Next, askEnd = ahead.End;
        int mask = ahead.Mask;
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
                if ((channels & mask) == 0 && ask != askEnd)
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
