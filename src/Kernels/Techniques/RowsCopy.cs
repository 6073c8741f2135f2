using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Upweave.Kernels.Lanes;

namespace Upweave.Kernels.Techniques;

/// <summary>Copies of a few vectors, for which a call of the runtime's own copy takes longer than the work.</summary>
internal static unsafe class RowsCopy
{
    /// <param name="lanes">Per vector.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(float* source, float* target, nint count, int lanes)
    {
        if (lanes == Vector512<float>.Count && count >= lanes)
            Run<Vector512<float>, Lanes512>(source, target, count);
        else if (lanes >= Vector256<float>.Count && count >= Vector256<float>.Count)
            Run<Vector256<float>, Lanes256>(source, target, count);
        else
            new ReadOnlySpan<float>(source, (int)count).CopyTo(new Span<float>(target, (int)count));
    }

    /// <summary>At least one vector; the last one overlaps the one before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run<TVector, TLanes>(float* source, float* target, nint count)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        nint last = count - TLanes.Count;
        for (nint index = 0; index < last; index += TLanes.Count)
            TLanes.Store(TLanes.Load(source + index), target + index);
        TLanes.Store(TLanes.Load(source + last), target + last);
    }
}
