using System.Runtime.CompilerServices;
using Upweave.Kernels.Lanes;

namespace Upweave.Kernels.Techniques;

/// <summary>The smaller tiles.</summary>
internal static unsafe partial class FiltersTiles<TVector, TLanes>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int* Four(int* list, int tiles, float* x, nint step, nint end, float* weights, int aheadStep, in FiltersSums sums)
    {
        float* addend = sums.Addend, target = sums.Target, ahead = weights + (end / step * 2 * TLanes.Count);
        bool accumulates = sums.Accumulates;
        for (; tiles > 0; tiles--, list += 8)
        {
            float* x0 = x + list[0];
            float* x1 = x + list[2];
            float* x2 = x + list[4];
            float* x3 = x + list[6];
            TVector a0 = TLanes.Zero, b0 = a0, a1 = a0, b1 = a0, a2 = a0, b2 = a0, a3 = a0, b3 = a0;
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
                ahead = FiltersSums.AskFor(ahead, aheadStep);
                w += 2 * TLanes.Count;
                i += step;
            }
            while (i != end);
            Finish(a0, b0, list[1], addend, target, accumulates);
            Finish(a1, b1, list[3], addend, target, accumulates);
            Finish(a2, b2, list[5], addend, target, accumulates);
            Finish(a3, b3, list[7], addend, target, accumulates);
        }

        return list;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int* Three(int* list, int tiles, float* x, nint step, nint end, float* weights, int aheadStep, in FiltersSums sums)
    {
        float* addend = sums.Addend, target = sums.Target, ahead = weights + (end / step * 2 * TLanes.Count);
        bool accumulates = sums.Accumulates;
        for (; tiles > 0; tiles--, list += 6)
        {
            float* x0 = x + list[0];
            float* x1 = x + list[2];
            float* x2 = x + list[4];
            TVector a0 = TLanes.Zero, b0 = a0, a1 = a0, b1 = a0, a2 = a0, b2 = a0;
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
                ahead = FiltersSums.AskFor(ahead, aheadStep);
                w += 2 * TLanes.Count;
                i += step;
            }
            while (i != end);
            Finish(a0, b0, list[1], addend, target, accumulates);
            Finish(a1, b1, list[3], addend, target, accumulates);
            Finish(a2, b2, list[5], addend, target, accumulates);
        }

        return list;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int* Two(int* list, int tiles, float* x, nint step, nint end, float* weights, int aheadStep, in FiltersSums sums)
    {
        float* addend = sums.Addend, target = sums.Target, ahead = weights + (end / step * 2 * TLanes.Count);
        bool accumulates = sums.Accumulates;
        for (; tiles > 0; tiles--, list += 4)
        {
            float* x0 = x + list[0];
            float* x1 = x + list[2];
            TVector a0 = TLanes.Zero, b0 = a0, a1 = a0, b1 = a0;
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
                ahead = FiltersSums.AskFor(ahead, aheadStep);
                w += 2 * TLanes.Count;
                i += step;
            }
            while (i != end);
            Finish(a0, b0, list[1], addend, target, accumulates);
            Finish(a1, b1, list[3], addend, target, accumulates);
        }

        return list;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int* One(int* list, int tiles, float* x, nint step, nint end, float* weights, int aheadStep, in FiltersSums sums)
    {
        float* addend = sums.Addend, target = sums.Target, ahead = weights + (end / step * 2 * TLanes.Count);
        bool accumulates = sums.Accumulates;
        for (; tiles > 0; tiles--, list += 2)
        {
            float* x0 = x + list[0];
            TVector a0 = TLanes.Zero, b0 = a0;
            float* w = weights;
            nint i = 0;
            do
            {
                TVector u = TLanes.Load(w);
                TVector v = TLanes.Load(w + TLanes.Count);
                TVector s = TLanes.Broadcast(x0 + i);
                a0 = TLanes.FusedMultiplyAdd(s, u, a0);
                b0 = TLanes.FusedMultiplyAdd(s, v, b0);
                ahead = FiltersSums.AskFor(ahead, aheadStep);
                w += 2 * TLanes.Count;
                i += step;
            }
            while (i != end);
            Finish(a0, b0, list[1], addend, target, accumulates);
        }

        return list;
    }
}
