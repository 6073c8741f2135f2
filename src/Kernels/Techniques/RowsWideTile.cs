using System.Runtime.CompilerServices;
using Upweave.Kernels.Lanes;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// The inner loop where there are at least as many vectors as rows: one tap over a chunk of channels for up to 4 rows of totals
/// (output channels or phases) that all read the same inputs. Lanes are consecutive positions of x. The weights of a channel, one
/// vector per row, stay in registers while its inputs pass by. Conditions on the two counts are constants to the compiler.
/// </summary>
internal static unsafe class RowsWideTile
{
    /// <param name="x">[channel][position]; read over whole vectors, for which the copy has room.</param>
    /// <param name="xStride">Floats from one channel to the next.</param>
    /// <param name="channels">At least 1.</param>
    /// <param name="weights">One run of channels per row, at the row's offset.</param>
    /// <param name="rows">Per row: offset into the weights, offset into the totals.</param>
    /// <param name="repeats">Tiles beside each other, at least 1.</param>
    /// <param name="add">Whether sums are added to the totals, or replace them.</param>
    /// <param name="ahead">What to ask for meanwhile: one place per channel.</param>
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
        do
        {
            TVector a0 = TLanes.Zero, a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
            TVector b0 = a0, b1 = a0, b2 = a0, b3 = a0, b4 = a0, b5 = a0, b6 = a0, b7 = a0;
            TVector c0 = a0, c1 = a0, c2 = a0, c3 = a0, c4 = a0, c5 = a0, c6 = a0, c7 = a0;
            TVector d0 = a0, d1 = a0, d2 = a0, d3 = a0, d4 = a0, d5 = a0, d6 = a0, d7 = a0;
            float* input = x;
            nint channel = 0;
            do
            {
                TVector v0 = TLanes.Broadcast(w0 + channel);
                TVector v1 = TRows.Count > 1 ? TLanes.Broadcast(w1 + channel) : v0;
                TVector v2 = TRows.Count > 2 ? TLanes.Broadcast(w2 + channel) : v0;
                TVector v3 = TRows.Count > 3 ? TLanes.Broadcast(w3 + channel) : v0;
                Multiply<TVector, TLanes, TRows>(input, v0, v1, v2, v3, ref a0, ref b0, ref c0, ref d0);
                if (TVectors.Count > 1)
                    Multiply<TVector, TLanes, TRows>(input + TLanes.Count, v0, v1, v2, v3, ref a1, ref b1, ref c1, ref d1);
                if (TVectors.Count > 2)
                    Multiply<TVector, TLanes, TRows>(input + (2 * TLanes.Count), v0, v1, v2, v3, ref a2, ref b2, ref c2, ref d2);
                if (TVectors.Count > 3)
                    Multiply<TVector, TLanes, TRows>(input + (3 * TLanes.Count), v0, v1, v2, v3, ref a3, ref b3, ref c3, ref d3);
                if (TVectors.Count > 4)
                    Multiply<TVector, TLanes, TRows>(input + (4 * TLanes.Count), v0, v1, v2, v3, ref a4, ref b4, ref c4, ref d4);
                if (TVectors.Count > 5)
                    Multiply<TVector, TLanes, TRows>(input + (5 * TLanes.Count), v0, v1, v2, v3, ref a5, ref b5, ref c5, ref d5);
                if (TVectors.Count > 6)
                    Multiply<TVector, TLanes, TRows>(input + (6 * TLanes.Count), v0, v1, v2, v3, ref a6, ref b6, ref c6, ref d6);
                if (TVectors.Count > 7)
                    Multiply<TVector, TLanes, TRows>(input + (7 * TLanes.Count), v0, v1, v2, v3, ref a7, ref b7, ref c7, ref d7);
                CacheLines.AskFor(ahead);
                ahead += aheadStep;
                input += xStride;
            }
            while (++channel < channels);

            RowsSums<TVector, TLanes, TVectors>.Store(totals + rows[1], add, a0, a1, a2, a3, a4, a5, a6, a7);
            if (TRows.Count > 1)
                RowsSums<TVector, TLanes, TVectors>.Store(totals + rows[3], add, b0, b1, b2, b3, b4, b5, b6, b7);
            if (TRows.Count > 2)
                RowsSums<TVector, TLanes, TVectors>.Store(totals + rows[5], add, c0, c1, c2, c3, c4, c5, c6, c7);
            if (TRows.Count > 3)
                RowsSums<TVector, TLanes, TVectors>.Store(totals + rows[7], add, d0, d1, d2, d3, d4, d5, d6, d7);
            x += TVectors.Count * TLanes.Count;
            totals += TVectors.Count * TLanes.Count;
        }
        while (--repeats > 0);
    }

    /// <summary>One vector of inputs times the weights of all rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply<TVector, TLanes, TRows>(
        float* input, TVector v0, TVector v1, TVector v2, TVector v3, ref TVector a, ref TVector b, ref TVector c, ref TVector d)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
        where TRows : struct, IRowsCount
    {
        TVector x = TLanes.Load(input);
        a = TLanes.FusedMultiplyAdd(x, v0, a);
        if (TRows.Count > 1)
            b = TLanes.FusedMultiplyAdd(x, v1, b);
        if (TRows.Count > 2)
            c = TLanes.FusedMultiplyAdd(x, v2, c);
        if (TRows.Count > 3)
            d = TLanes.FusedMultiplyAdd(x, v3, d);
    }
}
