using System.Runtime.CompilerServices;
using Upweave.Kernels.Lanes;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// The inner loop where there are more rows than vectors, up to 6 by 4: as <see cref="RowsWideTile"/>, but the inputs of a channel
/// stay in registers while its weights pass by.
/// </summary>
internal static unsafe class RowsTallTile
{
    /// <inheritdoc cref="RowsWideTile.Run"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TVector, TLanes, TRows, TVectors>(
        float* x, nint xStride, nint channels, float* weights, int* rows, float* totals, int repeats, bool add,
        float* ahead, nint aheadStep)
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
            TVector a0 = TLanes.Zero, a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
            TVector c0 = a0, c1 = a0, c2 = a0, c3 = a0, d0 = a0, d1 = a0, d2 = a0, d3 = a0;
            TVector e0 = a0, e1 = a0, e2 = a0, e3 = a0, f0 = a0, f1 = a0, f2 = a0, f3 = a0;
            float* input = x;
            nint channel = 0;
            do
            {
                TVector x0 = TLanes.Load(input);
                TVector x1 = TVectors.Count > 1 ? TLanes.Load(input + TLanes.Count) : x0;
                TVector x2 = TVectors.Count > 2 ? TLanes.Load(input + (2 * TLanes.Count)) : x0;
                TVector x3 = TVectors.Count > 3 ? TLanes.Load(input + (3 * TLanes.Count)) : x0;
                Multiply<TVector, TLanes, TVectors>(w0 + channel, x0, x1, x2, x3, ref a0, ref a1, ref a2, ref a3);
                if (TRows.Count > 1)
                    Multiply<TVector, TLanes, TVectors>(w1 + channel, x0, x1, x2, x3, ref b0, ref b1, ref b2, ref b3);
                if (TRows.Count > 2)
                    Multiply<TVector, TLanes, TVectors>(w2 + channel, x0, x1, x2, x3, ref c0, ref c1, ref c2, ref c3);
                if (TRows.Count > 3)
                    Multiply<TVector, TLanes, TVectors>(w3 + channel, x0, x1, x2, x3, ref d0, ref d1, ref d2, ref d3);
                if (TRows.Count > 4)
                    Multiply<TVector, TLanes, TVectors>(w4 + channel, x0, x1, x2, x3, ref e0, ref e1, ref e2, ref e3);
                if (TRows.Count > 5)
                    Multiply<TVector, TLanes, TVectors>(w5 + channel, x0, x1, x2, x3, ref f0, ref f1, ref f2, ref f3);
                CacheLines.AskFor(ahead);
                ahead += aheadStep;
                input += xStride;
            }
            while (++channel < channels);

            RowsSums<TVector, TLanes, TVectors>.Store(totals + rows[1], add, a0, a1, a2, a3, a3, a3, a3, a3);
            if (TRows.Count > 1)
                RowsSums<TVector, TLanes, TVectors>.Store(totals + rows[3], add, b0, b1, b2, b3, b3, b3, b3, b3);
            if (TRows.Count > 2)
                RowsSums<TVector, TLanes, TVectors>.Store(totals + rows[5], add, c0, c1, c2, c3, c3, c3, c3, c3);
            if (TRows.Count > 3)
                RowsSums<TVector, TLanes, TVectors>.Store(totals + rows[7], add, d0, d1, d2, d3, d3, d3, d3, d3);
            if (TRows.Count > 4)
                RowsSums<TVector, TLanes, TVectors>.Store(totals + rows[9], add, e0, e1, e2, e3, e3, e3, e3, e3);
            if (TRows.Count > 5)
                RowsSums<TVector, TLanes, TVectors>.Store(totals + rows[11], add, f0, f1, f2, f3, f3, f3, f3, f3);
            x += TVectors.Count * TLanes.Count;
            totals += TVectors.Count * TLanes.Count;
        }
        while (--repeats > 0);
    }

    /// <summary>One row's weight times all vectors of inputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply<TVector, TLanes, TVectors>(
        float* weight, TVector x0, TVector x1, TVector x2, TVector x3, ref TVector s0, ref TVector s1, ref TVector s2, ref TVector s3)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
        where TVectors : struct, IRowsCount
    {
        TVector w = TLanes.Broadcast(weight);
        s0 = TLanes.FusedMultiplyAdd(x0, w, s0);
        if (TVectors.Count > 1)
            s1 = TLanes.FusedMultiplyAdd(x1, w, s1);
        if (TVectors.Count > 2)
            s2 = TLanes.FusedMultiplyAdd(x2, w, s2);
        if (TVectors.Count > 3)
            s3 = TLanes.FusedMultiplyAdd(x3, w, s3);
    }
}
