using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Upweave.Kernels.Techniques;

/// <summary>Copies short runs of floats; exactly these are read and written.</summary>
internal static unsafe class FiltersCopy
{
    /// <summary><paramref name="count"/> runs of <paramref name="length"/> floats, each a stride behind the last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Runs(float* source, nint sourceStride, float* target, nint targetStride, int length, int count)
    {
        for (; count > 0; count--, source += sourceStride, target += targetStride)
        {
            int i = 0;
            for (; length - i >= Vector256<float>.Count; i += Vector256<float>.Count)
                Vector256.Load(source + i).Store(target + i);
            for (; length - i >= Vector128<float>.Count; i += Vector128<float>.Count)
                Vector128.Load(source + i).Store(target + i);
            for (; i < length; i++)
                target[i] = source[i];
        }
    }

    /// <summary>One run to <paramref name="start"/> in a row of <paramref name="width"/>, as far as it lies inside.</summary>
    public static void Part(float* source, float* row, long start, int length, int width)
    {
        for (int i = 0; i < length; i++)
        {
            if (start + i >= 0 && start + i < width)
                row[start + i] = source[i];
        }
    }

    /// <summary>One float after the other, a stride apart.</summary>
    public static void Spread(float* source, float* target, nint targetStride, int length)
    {
        for (; length > 0; length--, target += targetStride)
            *target = *source++;
    }
}
