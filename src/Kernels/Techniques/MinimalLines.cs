using System.Runtime.CompilerServices;
using Upweave.Kernels.Lanes;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// Makes the lines of cells: along x from every second input and its neighbours, then along y from three or four such rows. Lanes are
/// cells. What is read ends with the last cell's last input.
/// </summary>
internal static unsafe class MinimalLines<TVector, TLanes>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    /// <summary>The lines of as many cells as there are lanes.</summary>
    /// <param name="source">The first cell's first input on both axes.</param>
    /// <param name="rowStride">To the next row; 0 where y has no cells.</param>
    /// <param name="target">[line of y][line of x], <paramref name="step"/> floats from one to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Make(float* source, nint rowStride, in MinimalForm form, float* target, nint step)
    {
        if (form.TriplesY)
        {
            MakeTriples(source, rowStride, form, target, step);
            return;
        }

        (TVector a0, TVector a1, TVector a2, TVector a3) = AlongX(source, form.TriplesX);
        if (form.LinesY == 1)
        {
            Store(a0, a1, a2, a3, form.LinesX, target, step);
            return;
        }

        nint next = form.LinesX * step;
        (TVector b0, TVector b1, TVector b2, TVector b3) = AlongX(source + rowStride, form.TriplesX);
        StoreDifference(a0, a1, a2, a3, b0, b1, b2, b3, form.LinesX, target, step);
        Store(b0, b1, b2, b3, form.LinesX, target + next, step);
        (a0, a1, a2, a3) = AlongX(source + (2 * rowStride), form.TriplesX);
        StoreDifference(a0, a1, a2, a3, b0, b1, b2, b3, form.LinesX, target + (2 * next), step);
        if (form.LinesY == 4)
            Store(a0, a1, a2, a3, form.LinesX, target + (3 * next), step);
    }

    /// <summary>Along y, phases of three taps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MakeTriples(float* source, nint rowStride, in MinimalForm form, float* target, nint step)
    {
        nint next = form.LinesX * step;
        (TVector a0, TVector a1, TVector a2, TVector a3) = AlongX(source, form.TriplesX);
        (TVector d0, TVector d1, TVector d2, TVector d3) = AlongX(source + (2 * rowStride), form.TriplesX);
        StoreDifference(a0, a1, a2, a3, d0, d1, d2, d3, form.LinesX, target, step);
        (TVector b0, TVector b1, TVector b2, TVector b3) = AlongX(source + rowStride, form.TriplesX);
        Store(
            TLanes.Add(b0, d0), TLanes.Add(b1, d1), TLanes.Add(b2, d2), TLanes.Add(b3, d3), form.LinesX, target + next, step);
        StoreDifference(d0, d1, d2, d3, b0, b1, b2, b3, form.LinesX, target + (2 * next), step);
        (a0, a1, a2, a3) = AlongX(source + (3 * rowStride), form.TriplesX);
        StoreDifference(b0, b1, b2, b3, a0, a1, a2, a3, form.LinesX, target + (3 * next), step);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TVector, TVector, TVector, TVector) AlongX(float* source, bool triples)
    {
        TVector low = TLanes.Load(source), high = TLanes.Load(source + TLanes.Count);
        TVector first = TLanes.Evens(low, high), second = TLanes.Odds(low, high);
        if (triples)
        {
            low = TLanes.Load(source + 2);
            high = TLanes.Load(source + 2 + TLanes.Count);
            TVector third = TLanes.Evens(low, high), fourth = TLanes.Odds(low, high);
            return (
                TLanes.Subtract(first, third), TLanes.Add(second, third), TLanes.Subtract(third, second),
                TLanes.Subtract(second, fourth));
        }

        TVector behind = TLanes.Odds(TLanes.Load(source + 1), TLanes.Load(source + 1 + TLanes.Count));
        return (TLanes.Subtract(first, second), second, TLanes.Subtract(behind, second), behind);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreDifference(
        TVector a0, TVector a1, TVector a2, TVector a3, TVector b0, TVector b1, TVector b2, TVector b3, int lines, float* target,
        nint step) =>
        Store(TLanes.Subtract(a0, b0), TLanes.Subtract(a1, b1), TLanes.Subtract(a2, b2), TLanes.Subtract(a3, b3), lines, target, step);

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
