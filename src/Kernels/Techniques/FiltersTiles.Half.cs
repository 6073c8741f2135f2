using System.Runtime.CompilerServices;
using Upweave.Kernels.Lanes;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// Tiles of a last block whose second vector has no filters: they leave it alone, in the weights and in the sums, and have as many
/// positions in registers as the others have sums.
/// </summary>
internal static unsafe partial class FiltersTiles<TVector, TLanes>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    /// <inheritdoc cref="Run(int*, int, float*, nint, int, float*, in FiltersSums)"/>
    public static void RunHalf(int* list, int count, float* x, nint step, int channels, float* weights, in FiltersSums sums)
    {
        nint end = channels * step;
        list = HalfTwelve(list, count / 12, x, step, end, weights, sums);
        list = HalfSix(list, count % 12 / 6, x, step, end, weights, sums);
        list = HalfThree(list, count % 6 / 3, x, step, end, weights, sums);
        HalfOne(list, count % 3, x, step, end, weights, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int* HalfTwelve(int* list, int tiles, float* x, nint step, nint end, float* weights, in FiltersSums sums)
    {
        float* addend = sums.Addend, target = sums.Target;
        bool accumulates = sums.Accumulates;
        for (; tiles > 0; tiles--, list += 24)
        {
            float* x0 = x + list[0];
            float* x1 = x + list[2];
            float* x2 = x + list[4];
            float* x3 = x + list[6];
            float* x4 = x + list[8];
            float* x5 = x + list[10];
            float* x6 = x + list[12];
            float* x7 = x + list[14];
            float* x8 = x + list[16];
            float* x9 = x + list[18];
            float* x10 = x + list[20];
            float* x11 = x + list[22];
            TVector a0 = TLanes.Zero, a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0, a8 = a0, a9 = a0, a10 = a0, a11 = a0;
            float* w = weights;
            nint i = 0;
            do
            {
                TVector u = TLanes.Load(w);
                a0 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(x0 + i), u, a0);
                a1 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(x1 + i), u, a1);
                a2 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(x2 + i), u, a2);
                a3 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(x3 + i), u, a3);
                a4 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(x4 + i), u, a4);
                a5 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(x5 + i), u, a5);
                a6 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(x6 + i), u, a6);
                a7 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(x7 + i), u, a7);
                a8 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(x8 + i), u, a8);
                a9 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(x9 + i), u, a9);
                a10 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(x10 + i), u, a10);
                a11 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(x11 + i), u, a11);
                w += 2 * TLanes.Count;
                i += step;
            }
            while (i != end);
            Finish(a0, list[1], addend, target, accumulates);
            Finish(a1, list[3], addend, target, accumulates);
            Finish(a2, list[5], addend, target, accumulates);
            Finish(a3, list[7], addend, target, accumulates);
            Finish(a4, list[9], addend, target, accumulates);
            Finish(a5, list[11], addend, target, accumulates);
            Finish(a6, list[13], addend, target, accumulates);
            Finish(a7, list[15], addend, target, accumulates);
            Finish(a8, list[17], addend, target, accumulates);
            Finish(a9, list[19], addend, target, accumulates);
            Finish(a10, list[21], addend, target, accumulates);
            Finish(a11, list[23], addend, target, accumulates);
        }

        return list;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int* HalfSix(int* list, int tiles, float* x, nint step, nint end, float* weights, in FiltersSums sums)
    {
        float* addend = sums.Addend, target = sums.Target;
        bool accumulates = sums.Accumulates;
        for (; tiles > 0; tiles--, list += 12)
        {
            float* x0 = x + list[0];
            float* x1 = x + list[2];
            float* x2 = x + list[4];
            float* x3 = x + list[6];
            float* x4 = x + list[8];
            float* x5 = x + list[10];
            TVector a0 = TLanes.Zero, a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0;
            float* w = weights;
            nint i = 0;
            do
            {
                TVector u = TLanes.Load(w);
                a0 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(x0 + i), u, a0);
                a1 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(x1 + i), u, a1);
                a2 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(x2 + i), u, a2);
                a3 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(x3 + i), u, a3);
                a4 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(x4 + i), u, a4);
                a5 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(x5 + i), u, a5);
                w += 2 * TLanes.Count;
                i += step;
            }
            while (i != end);
            Finish(a0, list[1], addend, target, accumulates);
            Finish(a1, list[3], addend, target, accumulates);
            Finish(a2, list[5], addend, target, accumulates);
            Finish(a3, list[7], addend, target, accumulates);
            Finish(a4, list[9], addend, target, accumulates);
            Finish(a5, list[11], addend, target, accumulates);
        }

        return list;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int* HalfThree(int* list, int tiles, float* x, nint step, nint end, float* weights, in FiltersSums sums)
    {
        float* addend = sums.Addend, target = sums.Target;
        bool accumulates = sums.Accumulates;
        for (; tiles > 0; tiles--, list += 6)
        {
            float* x0 = x + list[0];
            float* x1 = x + list[2];
            float* x2 = x + list[4];
            TVector a0 = TLanes.Zero, a1 = a0, a2 = a0;
            float* w = weights;
            nint i = 0;
            do
            {
                TVector u = TLanes.Load(w);
                a0 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(x0 + i), u, a0);
                a1 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(x1 + i), u, a1);
                a2 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(x2 + i), u, a2);
                w += 2 * TLanes.Count;
                i += step;
            }
            while (i != end);
            Finish(a0, list[1], addend, target, accumulates);
            Finish(a1, list[3], addend, target, accumulates);
            Finish(a2, list[5], addend, target, accumulates);
        }

        return list;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int* HalfOne(int* list, int tiles, float* x, nint step, nint end, float* weights, in FiltersSums sums)
    {
        float* addend = sums.Addend, target = sums.Target;
        bool accumulates = sums.Accumulates;
        for (; tiles > 0; tiles--, list += 2)
        {
            float* x0 = x + list[0];
            TVector a0 = TLanes.Zero;
            float* w = weights;
            nint i = 0;
            do
            {
                TVector u = TLanes.Load(w);
                a0 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(x0 + i), u, a0);
                w += 2 * TLanes.Count;
                i += step;
            }
            while (i != end);
            Finish(a0, list[1], addend, target, accumulates);
        }

        return list;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(TVector sum, int position, float* addend, float* target, bool accumulates)
    {
        target += position;
        if (addend != null)
            sum = TLanes.Add(TLanes.Load(addend + position), sum);
        if (accumulates)
            sum = TLanes.Add(TLanes.Load(target), sum);
        TLanes.Store(sum, target);
    }
}
