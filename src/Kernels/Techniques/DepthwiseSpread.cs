using System.Runtime.CompilerServices;
using Upweave.Kernels.Lanes;

namespace Upweave.Kernels.Techniques;

/// <summary>Repeats every element of a row as often as a stride says.</summary>
internal static unsafe class DepthwiseSpread<TVector, TLanes>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    /// <remarks>The last vector is moved back to end with the row.</remarks>
    /// <param name="count">Elements of the source; no other is read.</param>
    /// <param name="target">Takes count * stride floats, and up to a vector more.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* source, int count, int stride, float* target)
    {
        if (stride > 4 || count < TLanes.Count)
        {
            Singles(source, count, stride, target);
            return;
        }

        int last = count - TLanes.Count;
        for (int done = 0; done < last; done += TLanes.Count)
            Few(TLanes.Load(source + done), stride, target + (done * (nint)stride));
        Few(TLanes.Load(source + last), stride, target + (last * (nint)stride));
    }

    /// <summary>A vector of elements, each as often as a stride up to 4 says.</summary>
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

        if (stride == 1)
        {
            TLanes.Store(vector, target);
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
