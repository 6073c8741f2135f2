using System.Runtime.CompilerServices;
using Upweave.Kernels.Lanes;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// One tap over one chunk of channels, for a list of positions: lanes are filters, inputs are broadcast. A tile of six
/// positions and two vectors has 12 sums, 2 vectors of weights and 1 input in registers; smaller tiles take what is
/// left. A list holds two numbers per position: where its input begins and where its sums lie.
/// </summary>
internal static unsafe partial class FiltersTiles<TVector, TLanes>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    private const int PositionsMost = 6;

    /// <summary>Tiles are as equal as can be, since small ones do not fill the multipliers.</summary>
    /// <param name="step">From a channel's input to the next.</param>
    /// <param name="weights">[channel][lane]</param>
    public static void Run(int* list, int count, float* x, nint step, int channels, float* weights, in FiltersSums sums)
    {
        if (count == 0)
            return;
        int tiles = (count + PositionsMost - 1) / PositionsMost;
        int size = count / tiles;
        int larger = count - (size * tiles);
        int aheadStep = ((2 * TLanes.Count) + tiles - 1) / tiles;
        if (larger > 0)
            list = Run(size + 1, list, larger, x, step, channels * step, weights, aheadStep, sums);
        Run(size, list, tiles - larger, x, step, channels * step, weights, aheadStep, sums);
    }

    /// <summary>One tap of one channel, added to chains that go on over several taps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Chain(int* list, int count, float* x, float* weights, float* chains)
    {
        TVector u = TLanes.Load(weights);
        TVector v = TLanes.Load(weights + TLanes.Count);
        for (; count > 0; count--, list += 2)
        {
            float* chain = chains + list[1];
            TVector s = TLanes.Broadcast(x + list[0]);
            TLanes.Store(TLanes.FusedMultiplyAdd(s, u, TLanes.Load(chain)), chain);
            chain += TLanes.Count;
            TLanes.Store(TLanes.FusedMultiplyAdd(s, v, TLanes.Load(chain)), chain);
        }
    }

    private static int* Run(
        int size, int* list, int tiles, float* x, nint step, nint end, float* weights, int aheadStep, in FiltersSums sums) => size switch
    {
        6 => Six(list, tiles, x, step, end, weights, aheadStep, sums),
        5 => Five(list, tiles, x, step, end, weights, aheadStep, sums),
        4 => Four(list, tiles, x, step, end, weights, aheadStep, sums),
        3 => Three(list, tiles, x, step, end, weights, aheadStep, sums),
        2 => Two(list, tiles, x, step, end, weights, aheadStep, sums),
        _ => One(list, tiles, x, step, end, weights, aheadStep, sums),
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int* Six(int* list, int tiles, float* x, nint step, nint end, float* weights, int aheadStep, in FiltersSums sums)
    {
        float* addend = sums.Addend, target = sums.Target, ahead = weights + (end / step * 2 * TLanes.Count);
        bool accumulates = sums.Accumulates;
        for (; tiles > 0; tiles--, list += 12)
        {
            float* x0 = x + list[0];
            float* x1 = x + list[2];
            float* x2 = x + list[4];
            float* x3 = x + list[6];
            float* x4 = x + list[8];
            float* x5 = x + list[10];
            TVector a0 = TLanes.Zero, b0 = a0, a1 = a0, b1 = a0, a2 = a0, b2 = a0, a3 = a0, b3 = a0, a4 = a0, b4 = a0, a5 = a0, b5 = a0;
            float* w = weights;
            nint i = 0;
            do
            {
                TVector u = TLanes.Load(w);
                TVector v = TLanes.Load(w + TLanes.Count);
                TVector s = TLanes.Broadcast(x0 + i);
                a0 = TLanes.FusedMultiplyAdd(s, u, a0);
                b0 = TLanes.FusedMultiplyAdd(s, v, b0);
                s = TLanes.Broadcast(x1 + i);
                a1 = TLanes.FusedMultiplyAdd(s, u, a1);
                b1 = TLanes.FusedMultiplyAdd(s, v, b1);
                s = TLanes.Broadcast(x2 + i);
                a2 = TLanes.FusedMultiplyAdd(s, u, a2);
                b2 = TLanes.FusedMultiplyAdd(s, v, b2);
                s = TLanes.Broadcast(x3 + i);
                a3 = TLanes.FusedMultiplyAdd(s, u, a3);
                b3 = TLanes.FusedMultiplyAdd(s, v, b3);
                s = TLanes.Broadcast(x4 + i);
                a4 = TLanes.FusedMultiplyAdd(s, u, a4);
                b4 = TLanes.FusedMultiplyAdd(s, v, b4);
                s = TLanes.Broadcast(x5 + i);
                a5 = TLanes.FusedMultiplyAdd(s, u, a5);
                b5 = TLanes.FusedMultiplyAdd(s, v, b5);
                ahead = FiltersSums.AskFor(ahead, aheadStep);
                w += 2 * TLanes.Count;
                i += step;
            }
            while (i != end);
            Finish(a0, b0, list[1], addend, target, accumulates);
            Finish(a1, b1, list[3], addend, target, accumulates);
            Finish(a2, b2, list[5], addend, target, accumulates);
            Finish(a3, b3, list[7], addend, target, accumulates);
            Finish(a4, b4, list[9], addend, target, accumulates);
            Finish(a5, b5, list[11], addend, target, accumulates);
        }

        return list;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int* Five(int* list, int tiles, float* x, nint step, nint end, float* weights, int aheadStep, in FiltersSums sums)
    {
        float* addend = sums.Addend, target = sums.Target, ahead = weights + (end / step * 2 * TLanes.Count);
        bool accumulates = sums.Accumulates;
        for (; tiles > 0; tiles--, list += 10)
        {
            float* x0 = x + list[0];
            float* x1 = x + list[2];
            float* x2 = x + list[4];
            float* x3 = x + list[6];
            float* x4 = x + list[8];
            TVector a0 = TLanes.Zero, b0 = a0, a1 = a0, b1 = a0, a2 = a0, b2 = a0, a3 = a0, b3 = a0, a4 = a0, b4 = a0;
            float* w = weights;
            nint i = 0;
            do
            {
                TVector u = TLanes.Load(w);
                TVector v = TLanes.Load(w + TLanes.Count);
                TVector s = TLanes.Broadcast(x0 + i);
                a0 = TLanes.FusedMultiplyAdd(s, u, a0);
                b0 = TLanes.FusedMultiplyAdd(s, v, b0);
                s = TLanes.Broadcast(x1 + i);
                a1 = TLanes.FusedMultiplyAdd(s, u, a1);
                b1 = TLanes.FusedMultiplyAdd(s, v, b1);
                s = TLanes.Broadcast(x2 + i);
                a2 = TLanes.FusedMultiplyAdd(s, u, a2);
                b2 = TLanes.FusedMultiplyAdd(s, v, b2);
                s = TLanes.Broadcast(x3 + i);
                a3 = TLanes.FusedMultiplyAdd(s, u, a3);
                b3 = TLanes.FusedMultiplyAdd(s, v, b3);
                s = TLanes.Broadcast(x4 + i);
                a4 = TLanes.FusedMultiplyAdd(s, u, a4);
                b4 = TLanes.FusedMultiplyAdd(s, v, b4);
                ahead = FiltersSums.AskFor(ahead, aheadStep);
                w += 2 * TLanes.Count;
                i += step;
            }
            while (i != end);
            Finish(a0, b0, list[1], addend, target, accumulates);
            Finish(a1, b1, list[3], addend, target, accumulates);
            Finish(a2, b2, list[5], addend, target, accumulates);
            Finish(a3, b3, list[7], addend, target, accumulates);
            Finish(a4, b4, list[9], addend, target, accumulates);
        }

        return list;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(TVector low, TVector high, int position, float* addend, float* target, bool accumulates)
    {
        target += position;
        if (addend != null)
        {
            low = TLanes.Add(TLanes.Load(addend + position), low);
            high = TLanes.Add(TLanes.Load(addend + position + TLanes.Count), high);
        }

        if (accumulates)
        {
            low = TLanes.Add(TLanes.Load(target), low);
            high = TLanes.Add(TLanes.Load(target + TLanes.Count), high);
        }

        TLanes.Store(low, target);
        TLanes.Store(high, target + TLanes.Count);
    }
}
