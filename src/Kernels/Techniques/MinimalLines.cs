using System.Runtime.CompilerServices;
using Upweave.Kernels.Lanes;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// Makes the lines of cells: along x from every second input and its neighbours, then along y from three such rows. Lanes are cells.
/// What is read ends with the last cell's last input.
/// </summary>
internal static unsafe class MinimalLines<TVector, TLanes>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    /// <summary>The lines of as many cells as there are lanes.</summary>
    /// <param name="source">The input before the first cell's first position, in the row before it where y has pairs.</param>
    /// <param name="rowStride">To the next row; 0 where y has no pairs.</param>
    /// <param name="target">[line of y][line of x], <paramref name="step"/> floats from one to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Make(float* source, nint rowStride, int linesY, int linesX, float* target, nint step)
    {
        (TVector a0, TVector a1, TVector a2, TVector a3) = AlongX(source);
        if (linesY == 1)
        {
            Store(a0, a1, a2, a3, linesX, target, step);
            return;
        }

        (TVector b0, TVector b1, TVector b2, TVector b3) = AlongX(source + rowStride);
        Store(TLanes.Subtract(a0, b0), TLanes.Subtract(a1, b1), TLanes.Subtract(a2, b2), TLanes.Subtract(a3, b3), linesX, target, step);
        target += linesX * step;
        Store(b0, b1, b2, b3, linesX, target, step);
        target += linesX * step;
        (a0, a1, a2, a3) = AlongX(source + (2 * rowStride));
        Store(TLanes.Subtract(a0, b0), TLanes.Subtract(a1, b1), TLanes.Subtract(a2, b2), TLanes.Subtract(a3, b3), linesX, target, step);
        if (linesY == 4)
            Store(a0, a1, a2, a3, linesX, target + (linesX * step), step);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TVector, TVector, TVector, TVector) AlongX(float* source)
    {
        TVector low = TLanes.Load(source), high = TLanes.Load(source + TLanes.Count);
        TVector at = TLanes.Odds(low, high);
        TVector behind = TLanes.Odds(TLanes.Load(source + 1), TLanes.Load(source + 1 + TLanes.Count));
        return (TLanes.Subtract(TLanes.Evens(low, high), at), at, TLanes.Subtract(behind, at), behind);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(TVector line0, TVector line1, TVector line2, TVector line3, int lines, float* target, nint step)
    {
        TLanes.Store(line0, target);
        TLanes.Store(line1, target + step);
        TLanes.Store(line2, target + (2 * step));
        if (lines == 4)
            TLanes.Store(line3, target + (3 * step));
    }
}
