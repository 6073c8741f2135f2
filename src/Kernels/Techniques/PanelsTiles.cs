using System.Runtime.CompilerServices;
using Upweave.Kernels.Lanes;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// The register tiles of the panels: 4 output channels by 3 vectors of outputs (12 sums, 3 inputs, 1 weight), and by 2
/// and 1 for the last outputs of a panel. All blocks of the sum in one call: a block's sums stay in registers, the
/// subtotals of its channels in memory, and the totals where the caller wants them.
/// </summary>
internal static unsafe class PanelsTiles<TVector, TLanes>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    private const int Rows = PanelsShape.TileRows;

    /// <param name="steps">How many blocks there are: at least one.</param>
    /// <param name="weights">Of the register tile and x-phase: 4 per product.</param>
    /// <param name="panel">The register tile's lines.</param>
    /// <param name="subtotals">Room for 4 times 3 vectors.</param>
    /// <param name="totals">Rows <paramref name="rowStride"/> apart; whole vectors are written.</param>
    /// <param name="columns">Outputs wanted; what lies behind them in their last vector is written too.</param>
    public static void Run(
        BlockStep* step, int steps, float* weights, float* panel, float* subtotals, float* totals, nint rowStride, int columns)
    {
        nint line = PanelsShape.TileVectors * TLanes.Count;
        if (columns > 2 * TLanes.Count)
            Three(step, step + steps, weights, panel, line, subtotals, totals, rowStride);
        else if (columns > TLanes.Count)
            Two(step, step + steps, weights, panel, line, subtotals, totals, rowStride);
        else
            One(step, step + steps, weights, panel, line, subtotals, totals, rowStride);
    }

    /// <summary>3 vectors per row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Three(
        BlockStep* step, BlockStep* end, float* weights, float* panel, nint line, float* subtotals, float* totals, nint rowStride)
    {
        do
        {
            float* w = weights + step->Weights;
            float* x = panel + (step->Panel * line);
            int channels = step->Channels;
            CacheLines.AskFor(w + (channels * Rows), channels * Rows);
            TVector a0 = TLanes.Zero, a1 = TLanes.Zero, a2 = TLanes.Zero;
            TVector b0 = TLanes.Zero, b1 = TLanes.Zero, b2 = TLanes.Zero;
            TVector c0 = TLanes.Zero, c1 = TLanes.Zero, c2 = TLanes.Zero;
            TVector d0 = TLanes.Zero, d1 = TLanes.Zero, d2 = TLanes.Zero;
            do
            {
                TVector x0 = TLanes.Load(x), x1 = TLanes.Load(x + TLanes.Count), x2 = TLanes.Load(x + (2 * TLanes.Count));
                TVector v = TLanes.Broadcast(w);
                a0 = TLanes.FusedMultiplyAdd(x0, v, a0);
                a1 = TLanes.FusedMultiplyAdd(x1, v, a1);
                a2 = TLanes.FusedMultiplyAdd(x2, v, a2);
                v = TLanes.Broadcast(w + 1);
                b0 = TLanes.FusedMultiplyAdd(x0, v, b0);
                b1 = TLanes.FusedMultiplyAdd(x1, v, b1);
                b2 = TLanes.FusedMultiplyAdd(x2, v, b2);
                v = TLanes.Broadcast(w + 2);
                c0 = TLanes.FusedMultiplyAdd(x0, v, c0);
                c1 = TLanes.FusedMultiplyAdd(x1, v, c1);
                c2 = TLanes.FusedMultiplyAdd(x2, v, c2);
                v = TLanes.Broadcast(w + 3);
                d0 = TLanes.FusedMultiplyAdd(x0, v, d0);
                d1 = TLanes.FusedMultiplyAdd(x1, v, d1);
                d2 = TLanes.FusedMultiplyAdd(x2, v, d2);
                w += Rows;
                x += line;
            }
            while (--channels > 0);

            if (!step->StartsSubtotal)
            {
                Add3(ref a0, ref a1, ref a2, subtotals);
                Add3(ref b0, ref b1, ref b2, subtotals + (3 * TLanes.Count));
                Add3(ref c0, ref c1, ref c2, subtotals + (6 * TLanes.Count));
                Add3(ref d0, ref d1, ref d2, subtotals + (9 * TLanes.Count));
            }

            if (!step->EndsSubtotal)
            {
                Store3(a0, a1, a2, subtotals);
                Store3(b0, b1, b2, subtotals + (3 * TLanes.Count));
                Store3(c0, c1, c2, subtotals + (6 * TLanes.Count));
                Store3(d0, d1, d2, subtotals + (9 * TLanes.Count));
                continue;
            }

            if (!step->StartsTotal)
            {
                Add3(ref a0, ref a1, ref a2, totals);
                Add3(ref b0, ref b1, ref b2, totals + rowStride);
                Add3(ref c0, ref c1, ref c2, totals + (2 * rowStride));
                Add3(ref d0, ref d1, ref d2, totals + (3 * rowStride));
            }

            Store3(a0, a1, a2, totals);
            Store3(b0, b1, b2, totals + rowStride);
            Store3(c0, c1, c2, totals + (2 * rowStride));
            Store3(d0, d1, d2, totals + (3 * rowStride));
        }
        while (++step < end);
    }

    /// <summary>2 vectors per row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two(
        BlockStep* step, BlockStep* end, float* weights, float* panel, nint line, float* subtotals, float* totals, nint rowStride)
    {
        do
        {
            float* w = weights + step->Weights;
            float* x = panel + (step->Panel * line);
            int channels = step->Channels;
            CacheLines.AskFor(w + (channels * Rows), channels * Rows);
            TVector a0 = TLanes.Zero, a1 = TLanes.Zero;
            TVector b0 = TLanes.Zero, b1 = TLanes.Zero;
            TVector c0 = TLanes.Zero, c1 = TLanes.Zero;
            TVector d0 = TLanes.Zero, d1 = TLanes.Zero;
            do
            {
                TVector x0 = TLanes.Load(x), x1 = TLanes.Load(x + TLanes.Count);
                TVector v = TLanes.Broadcast(w);
                a0 = TLanes.FusedMultiplyAdd(x0, v, a0);
                a1 = TLanes.FusedMultiplyAdd(x1, v, a1);
                v = TLanes.Broadcast(w + 1);
                b0 = TLanes.FusedMultiplyAdd(x0, v, b0);
                b1 = TLanes.FusedMultiplyAdd(x1, v, b1);
                v = TLanes.Broadcast(w + 2);
                c0 = TLanes.FusedMultiplyAdd(x0, v, c0);
                c1 = TLanes.FusedMultiplyAdd(x1, v, c1);
                v = TLanes.Broadcast(w + 3);
                d0 = TLanes.FusedMultiplyAdd(x0, v, d0);
                d1 = TLanes.FusedMultiplyAdd(x1, v, d1);
                w += Rows;
                x += line;
            }
            while (--channels > 0);

            if (!step->StartsSubtotal)
            {
                Add2(ref a0, ref a1, subtotals);
                Add2(ref b0, ref b1, subtotals + (2 * TLanes.Count));
                Add2(ref c0, ref c1, subtotals + (4 * TLanes.Count));
                Add2(ref d0, ref d1, subtotals + (6 * TLanes.Count));
            }

            if (!step->EndsSubtotal)
            {
                Store2(a0, a1, subtotals);
                Store2(b0, b1, subtotals + (2 * TLanes.Count));
                Store2(c0, c1, subtotals + (4 * TLanes.Count));
                Store2(d0, d1, subtotals + (6 * TLanes.Count));
                continue;
            }

            if (!step->StartsTotal)
            {
                Add2(ref a0, ref a1, totals);
                Add2(ref b0, ref b1, totals + rowStride);
                Add2(ref c0, ref c1, totals + (2 * rowStride));
                Add2(ref d0, ref d1, totals + (3 * rowStride));
            }

            Store2(a0, a1, totals);
            Store2(b0, b1, totals + rowStride);
            Store2(c0, c1, totals + (2 * rowStride));
            Store2(d0, d1, totals + (3 * rowStride));
        }
        while (++step < end);
    }

    /// <summary>1 vector per row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(
        BlockStep* step, BlockStep* end, float* weights, float* panel, nint line, float* subtotals, float* totals, nint rowStride)
    {
        do
        {
            float* w = weights + step->Weights;
            float* x = panel + (step->Panel * line);
            int channels = step->Channels;
            CacheLines.AskFor(w + (channels * Rows), channels * Rows);
            TVector a0 = TLanes.Zero;
            TVector b0 = TLanes.Zero;
            TVector c0 = TLanes.Zero;
            TVector d0 = TLanes.Zero;
            do
            {
                TVector x0 = TLanes.Load(x);
                TVector v = TLanes.Broadcast(w);
                a0 = TLanes.FusedMultiplyAdd(x0, v, a0);
                v = TLanes.Broadcast(w + 1);
                b0 = TLanes.FusedMultiplyAdd(x0, v, b0);
                v = TLanes.Broadcast(w + 2);
                c0 = TLanes.FusedMultiplyAdd(x0, v, c0);
                v = TLanes.Broadcast(w + 3);
                d0 = TLanes.FusedMultiplyAdd(x0, v, d0);
                w += Rows;
                x += line;
            }
            while (--channels > 0);

            if (!step->StartsSubtotal)
            {
                Add1(ref a0, subtotals);
                Add1(ref b0, subtotals + TLanes.Count);
                Add1(ref c0, subtotals + (2 * TLanes.Count));
                Add1(ref d0, subtotals + (3 * TLanes.Count));
            }

            if (!step->EndsSubtotal)
            {
                Store1(a0, subtotals);
                Store1(b0, subtotals + TLanes.Count);
                Store1(c0, subtotals + (2 * TLanes.Count));
                Store1(d0, subtotals + (3 * TLanes.Count));
                continue;
            }

            if (!step->StartsTotal)
            {
                Add1(ref a0, totals);
                Add1(ref b0, totals + rowStride);
                Add1(ref c0, totals + (2 * rowStride));
                Add1(ref d0, totals + (3 * rowStride));
            }

            Store1(a0, totals);
            Store1(b0, totals + rowStride);
            Store1(c0, totals + (2 * rowStride));
            Store1(d0, totals + (3 * rowStride));
        }
        while (++step < end);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add3(ref TVector s0, ref TVector s1, ref TVector s2, float* source)
    {
        s0 = TLanes.Add(TLanes.Load(source), s0);
        s1 = TLanes.Add(TLanes.Load(source + TLanes.Count), s1);
        s2 = TLanes.Add(TLanes.Load(source + (2 * TLanes.Count)), s2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add2(ref TVector s0, ref TVector s1, float* source)
    {
        s0 = TLanes.Add(TLanes.Load(source), s0);
        s1 = TLanes.Add(TLanes.Load(source + TLanes.Count), s1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add1(ref TVector s0, float* source) => s0 = TLanes.Add(TLanes.Load(source), s0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store3(TVector s0, TVector s1, TVector s2, float* target)
    {
        TLanes.Store(s0, target);
        TLanes.Store(s1, target + TLanes.Count);
        TLanes.Store(s2, target + (2 * TLanes.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store2(TVector s0, TVector s1, float* target)
    {
        TLanes.Store(s0, target);
        TLanes.Store(s1, target + TLanes.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store1(TVector s0, float* target) => TLanes.Store(s0, target);
}
