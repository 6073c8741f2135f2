using System.Runtime.CompilerServices;
using Upweave.Kernels.Lanes;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// The register tile where registers are many: 8 output channels by one vector of outputs, with room for their subtotals beside
/// their sums. To store and load those takes 6% of the time where blocks have 16 channels, 3% with 32 (Zen 4).
/// </summary>
internal static unsafe partial class PanelsTiles<TVector, TLanes>
{
    /// <summary>Asking for weights one line per product costs nothing; for all of a block at its start, a tenth of its time.</summary>
    private const int WeightsAhead = 512;

    /// <summary>Vector by vector: meanwhile the weights stay in the first-level cache.</summary>
    private static void Eight(
        BlockStep* step, BlockStep* end, float* weights, float* panel, nint line, float* totals, nint rowStride, int columns,
        ref LinesAhead ahead)
    {
        for (int column = 0; column < columns; column += TLanes.Count)
            Eight(step, end, weights, panel + column, line, totals + column, rowStride, ref ahead);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Eight(
        BlockStep* step, BlockStep* end, float* weights, float* panel, nint line, float* totals, nint rowStride, ref LinesAhead ahead)
    {
        float** ask = ahead.Next, askEnd = ahead.End;
        int mask = ahead.Mask;
        TVector ta = TLanes.Zero, tb = ta, tc = ta, td = ta, te = ta, tf = ta, tg = ta, th = ta;
        do
        {
            float* w = weights + (step->Weights * (nint)8);
            float* x = panel + (step->Panel * line);
            int channels = step->Channels;
            TVector a = TLanes.Zero, b = a, c = a, d = a, e = a, f = a, g = a, h = a;
            do
            {
                TVector input = TLanes.Load(x);
                a = TLanes.FusedMultiplyAdd(input, TLanes.Broadcast(w), a);
                b = TLanes.FusedMultiplyAdd(input, TLanes.Broadcast(w + 1), b);
                c = TLanes.FusedMultiplyAdd(input, TLanes.Broadcast(w + 2), c);
                d = TLanes.FusedMultiplyAdd(input, TLanes.Broadcast(w + 3), d);
                e = TLanes.FusedMultiplyAdd(input, TLanes.Broadcast(w + 4), e);
                f = TLanes.FusedMultiplyAdd(input, TLanes.Broadcast(w + 5), f);
                g = TLanes.FusedMultiplyAdd(input, TLanes.Broadcast(w + 6), g);
                h = TLanes.FusedMultiplyAdd(input, TLanes.Broadcast(w + 7), h);
                CacheLines.AskFor(w + WeightsAhead);
                if ((channels & mask) == 0 && ask != askEnd)
                    CacheLines.AskFor(*ask++);
                w += 8;
                x += line;
            }
            while (--channels > 0);

            ta = TLanes.Add(ta, a);
            tb = TLanes.Add(tb, b);
            tc = TLanes.Add(tc, c);
            td = TLanes.Add(td, d);
            te = TLanes.Add(te, e);
            tf = TLanes.Add(tf, f);
            tg = TLanes.Add(tg, g);
            th = TLanes.Add(th, h);
            if (!step->EndsSubtotal)
                continue;
            bool starts = step->StartsTotal;
            ta = Close(ta, totals, starts);
            tb = Close(tb, totals + rowStride, starts);
            tc = Close(tc, totals + (2 * rowStride), starts);
            td = Close(td, totals + (3 * rowStride), starts);
            te = Close(te, totals + (4 * rowStride), starts);
            tf = Close(tf, totals + (5 * rowStride), starts);
            tg = Close(tg, totals + (6 * rowStride), starts);
            th = Close(th, totals + (7 * rowStride), starts);
        }
        while (++step < end);
        ahead.Next = ask;
    }

    /// <summary>The next subtotal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Close(TVector subtotal, float* total, bool starts)
    {
        TLanes.Store(starts ? subtotal : TLanes.Add(TLanes.Load(total), subtotal), total);
        return TLanes.Zero;
    }
}
