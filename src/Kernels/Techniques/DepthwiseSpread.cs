using System.Runtime.CompilerServices;
using Upweave.Kernels.Lanes;

namespace Upweave.Kernels.Techniques;

/// <summary>Repeats every element of a row as often as a stride says.</summary>
internal static unsafe class DepthwiseSpread<TVector, TLanes>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    /// <param name="count">Elements of the source; no other is read.</param>
    /// <param name="target">Takes count * stride floats, and up to a vector more.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* source, int count, int stride, float* target)
    {
        int done = 0;
        if (stride is >= 2 and <= 4)
        {
            for (; done + TLanes.Count <= count; done += TLanes.Count, target += stride * TLanes.Count)
                Few(TLanes.Load(source + done), stride, target);
        }
        else if (stride == 1)
        {
            for (; done + TLanes.Count <= count; done += TLanes.Count, target += TLanes.Count)
                TLanes.Store(TLanes.Load(source + done), target);
        }

        Singles(source + done, count - done, stride, target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Few(TVector vector, int stride, float* target)
    {
        if (stride == 3)
        {
            TLanes.Store(TLanes.InterleaveThree(vector, vector, vector, 0), target);
            TLanes.Store(TLanes.InterleaveThree(vector, vector, vector, 1), target + TLanes.Count);
            TLanes.Store(TLanes.InterleaveThree(vector, vector, vector, 2), target + (2 * TLanes.Count));
            return;
        }

        TVector low = TLanes.InterleaveLow(vector, vector);
        TVector high = TLanes.InterleaveHigh(vector, vector);
        if (stride == 2)
        {
            TLanes.Store(low, target);
            TLanes.Store(high, target + TLanes.Count);
            return;
        }

        TLanes.Store(TLanes.InterleaveLow(low, low), target);
        TLanes.Store(TLanes.InterleaveHigh(low, low), target + TLanes.Count);
        TLanes.Store(TLanes.InterleaveLow(high, high), target + (2 * TLanes.Count));
        TLanes.Store(TLanes.InterleaveHigh(high, high), target + (3 * TLanes.Count));
    }

    /// <summary>Vectors that reach beyond the stride are overwritten by the next element's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Singles(float* source, int count, nint stride, float* target)
    {
        for (; count > 0; count--, source++, target += stride)
        {
            TVector vector = TLanes.Broadcast(source);
            nint done = 0;
            do
            {
                TLanes.Store(vector, target + done);
                done += TLanes.Count;
            }
            while (done < stride);
        }
    }
}
