using System.Runtime.CompilerServices;
using Upweave.Kernels.Lanes;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// The inner loop: one tap over a chunk of channels for a few rows of totals (output channels or phases) that all read
/// the same inputs. Lanes are consecutive positions of x; weights are broadcast. Rows times vectors is at most 12 sums,
/// which with the inputs and a weight fill 16 registers; conditions on the two counts are constants to the compiler.
/// </summary>
internal static unsafe class RowsTile
{
    /// <param name="x">[channel][position]; read over whole vectors, which the ring's row length allows.</param>
    /// <param name="xStride">Floats from one channel to the next.</param>
    /// <param name="channels">At least 1.</param>
    /// <param name="weights">One run of channels per row, at the row's offset.</param>
    /// <param name="rows">Per row: offset into the weights, offset into the totals.</param>
    /// <param name="repeats">Tiles beside each other, at least 1.</param>
    /// <param name="add">Whether sums are added to the totals, or replace them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TVector, TLanes, TRows, TVectors>(
        float* x, nint xStride, nint channels, float* weights, int* rows, float* totals, int repeats, bool add)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
        where TRows : struct, IRowsCount
        where TVectors : struct, IRowsCount
    {
        float* w0 = weights + rows[0];
        float* w1 = TRows.Count > 1 ? weights + rows[2] : w0;
        float* w2 = TRows.Count > 2 ? weights + rows[4] : w0;
        float* w3 = TRows.Count > 3 ? weights + rows[6] : w0;
        float* w4 = TRows.Count > 4 ? weights + rows[8] : w0;
        float* w5 = TRows.Count > 5 ? weights + rows[10] : w0;
        do
        {
            TVector a0 = TLanes.Zero, a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
            TVector b0 = a0, b1 = a0, b2 = a0, b3 = a0, b4 = a0, b5 = a0, c0 = a0, c1 = a0, c2 = a0, c3 = a0;
            TVector d0 = a0, d1 = a0, d2 = a0, e0 = a0, e1 = a0, f0 = a0, f1 = a0;
            float* input = x;
            nint channel = 0;
            do
            {
                TVector x0 = TLanes.Load(input);
                TVector x1 = TVectors.Count > 1 ? TLanes.Load(input + TLanes.Count) : x0;
                TVector x2 = TVectors.Count > 2 ? TLanes.Load(input + (2 * TLanes.Count)) : x0;
                TVector x3 = TVectors.Count > 3 ? TLanes.Load(input + (3 * TLanes.Count)) : x0;
                TVector x4 = TVectors.Count > 4 ? TLanes.Load(input + (4 * TLanes.Count)) : x0;
                TVector x5 = TVectors.Count > 5 ? TLanes.Load(input + (5 * TLanes.Count)) : x0;
                TVector w = TLanes.Broadcast(w0 + channel);
                a0 = TLanes.FusedMultiplyAdd(x0, w, a0);
                if (TVectors.Count > 1)
                    a1 = TLanes.FusedMultiplyAdd(x1, w, a1);
                if (TVectors.Count > 2)
                    a2 = TLanes.FusedMultiplyAdd(x2, w, a2);
                if (TVectors.Count > 3)
                    a3 = TLanes.FusedMultiplyAdd(x3, w, a3);
                if (TVectors.Count > 4)
                    a4 = TLanes.FusedMultiplyAdd(x4, w, a4);
                if (TVectors.Count > 5)
                    a5 = TLanes.FusedMultiplyAdd(x5, w, a5);
                if (TVectors.Count > 6)
                    a6 = TLanes.FusedMultiplyAdd(TLanes.Load(input + (6 * TLanes.Count)), w, a6);
                if (TVectors.Count > 7)
                    a7 = TLanes.FusedMultiplyAdd(TLanes.Load(input + (7 * TLanes.Count)), w, a7);
                if (TRows.Count > 1)
                {
                    w = TLanes.Broadcast(w1 + channel);
                    b0 = TLanes.FusedMultiplyAdd(x0, w, b0);
                    if (TVectors.Count > 1)
                        b1 = TLanes.FusedMultiplyAdd(x1, w, b1);
                    if (TVectors.Count > 2)
                        b2 = TLanes.FusedMultiplyAdd(x2, w, b2);
                    if (TVectors.Count > 3)
                        b3 = TLanes.FusedMultiplyAdd(x3, w, b3);
                    if (TVectors.Count > 4)
                        b4 = TLanes.FusedMultiplyAdd(x4, w, b4);
                    if (TVectors.Count > 5)
                        b5 = TLanes.FusedMultiplyAdd(x5, w, b5);
                }

                if (TRows.Count > 2)
                {
                    w = TLanes.Broadcast(w2 + channel);
                    c0 = TLanes.FusedMultiplyAdd(x0, w, c0);
                    if (TVectors.Count > 1)
                        c1 = TLanes.FusedMultiplyAdd(x1, w, c1);
                    if (TVectors.Count > 2)
                        c2 = TLanes.FusedMultiplyAdd(x2, w, c2);
                    if (TVectors.Count > 3)
                        c3 = TLanes.FusedMultiplyAdd(x3, w, c3);
                }

                if (TRows.Count > 3)
                {
                    w = TLanes.Broadcast(w3 + channel);
                    d0 = TLanes.FusedMultiplyAdd(x0, w, d0);
                    if (TVectors.Count > 1)
                        d1 = TLanes.FusedMultiplyAdd(x1, w, d1);
                    if (TVectors.Count > 2)
                        d2 = TLanes.FusedMultiplyAdd(x2, w, d2);
                }

                if (TRows.Count > 4)
                {
                    w = TLanes.Broadcast(w4 + channel);
                    e0 = TLanes.FusedMultiplyAdd(x0, w, e0);
                    if (TVectors.Count > 1)
                        e1 = TLanes.FusedMultiplyAdd(x1, w, e1);
                }

                if (TRows.Count > 5)
                {
                    w = TLanes.Broadcast(w5 + channel);
                    f0 = TLanes.FusedMultiplyAdd(x0, w, f0);
                    if (TVectors.Count > 1)
                        f1 = TLanes.FusedMultiplyAdd(x1, w, f1);
                }

                input += xStride;
            }
            while (++channel < channels);

            Store<TVector, TLanes, TVectors>(totals + rows[1], add, a0, a1, a2, a3, a4, a5);
            if (TVectors.Count > 6)
                Store<TVector, TLanes>(totals + rows[1] + (6 * TLanes.Count), add, a6);
            if (TVectors.Count > 7)
                Store<TVector, TLanes>(totals + rows[1] + (7 * TLanes.Count), add, a7);
            if (TRows.Count > 1)
                Store<TVector, TLanes, TVectors>(totals + rows[3], add, b0, b1, b2, b3, b4, b5);
            if (TRows.Count > 2)
                Store<TVector, TLanes, TVectors>(totals + rows[5], add, c0, c1, c2, c3, c3, c3);
            if (TRows.Count > 3)
                Store<TVector, TLanes, TVectors>(totals + rows[7], add, d0, d1, d2, d2, d2, d2);
            if (TRows.Count > 4)
                Store<TVector, TLanes, TVectors>(totals + rows[9], add, e0, e1, e1, e1, e1, e1);
            if (TRows.Count > 5)
                Store<TVector, TLanes, TVectors>(totals + rows[11], add, f0, f1, f1, f1, f1, f1);
            x += TVectors.Count * TLanes.Count;
            totals += TVectors.Count * TLanes.Count;
        }
        while (--repeats > 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TVector, TLanes, TVectors>(
        float* totals, bool add, TVector s0, TVector s1, TVector s2, TVector s3, TVector s4, TVector s5)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
        where TVectors : struct, IRowsCount
    {
        Store<TVector, TLanes>(totals, add, s0);
        if (TVectors.Count > 1)
            Store<TVector, TLanes>(totals + TLanes.Count, add, s1);
        if (TVectors.Count > 2)
            Store<TVector, TLanes>(totals + (2 * TLanes.Count), add, s2);
        if (TVectors.Count > 3)
            Store<TVector, TLanes>(totals + (3 * TLanes.Count), add, s3);
        if (TVectors.Count > 4)
            Store<TVector, TLanes>(totals + (4 * TLanes.Count), add, s4);
        if (TVectors.Count > 5)
            Store<TVector, TLanes>(totals + (5 * TLanes.Count), add, s5);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TVector, TLanes>(float* totals, bool add, TVector sum)
        where TVector : struct
        where TLanes : struct, ILanes<TVector> =>
        TLanes.Store(add ? TLanes.Add(TLanes.Load(totals), sum) : sum, totals);
}
