using System.Runtime.CompilerServices;
using Upweave.Kernels.Lanes;

namespace Upweave.Kernels.Techniques;

/// <summary>How a tile's sums of one row, <typeparamref name="TVectors"/> vectors, get into the totals.</summary>
internal static unsafe class RowsSums<TVector, TLanes, TVectors>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
    where TVectors : struct, IRowsCount
{
    /// <param name="add">Whether sums are added to the totals, or replace them.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(
        float* totals, bool add, TVector s0, TVector s1, TVector s2, TVector s3, TVector s4, TVector s5, TVector s6, TVector s7)
    {
        if (add)
        {
            s0 = TLanes.Add(TLanes.Load(totals), s0);
            s1 = TVectors.Count > 1 ? Sum(totals, 1, s1) : s1;
            s2 = TVectors.Count > 2 ? Sum(totals, 2, s2) : s2;
            s3 = TVectors.Count > 3 ? Sum(totals, 3, s3) : s3;
            s4 = TVectors.Count > 4 ? Sum(totals, 4, s4) : s4;
            s5 = TVectors.Count > 5 ? Sum(totals, 5, s5) : s5;
            s6 = TVectors.Count > 6 ? Sum(totals, 6, s6) : s6;
            s7 = TVectors.Count > 7 ? Sum(totals, 7, s7) : s7;
        }

        TLanes.Store(s0, totals);
        if (TVectors.Count > 1)
            TLanes.Store(s1, totals + TLanes.Count);
        if (TVectors.Count > 2)
            TLanes.Store(s2, totals + (2 * TLanes.Count));
        if (TVectors.Count > 3)
            TLanes.Store(s3, totals + (3 * TLanes.Count));
        if (TVectors.Count > 4)
            TLanes.Store(s4, totals + (4 * TLanes.Count));
        if (TVectors.Count > 5)
            TLanes.Store(s5, totals + (5 * TLanes.Count));
        if (TVectors.Count > 6)
            TLanes.Store(s6, totals + (6 * TLanes.Count));
        if (TVectors.Count > 7)
            TLanes.Store(s7, totals + (7 * TLanes.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Sum(float* totals, int number, TVector sum) =>
        TLanes.Add(TLanes.Load(totals + (number * TLanes.Count)), sum);
}
