using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Upweave.Kernels.Lanes;

/// <summary>
/// Hints to the processor. They have no effect on results, may point anywhere, and are nothing where a processor has no
/// such instruction.
/// </summary>
internal static unsafe class CacheLines
{
    private const int Floats = 16;

    /// <summary>Has stores that went past the caches seen by other threads before what is stored later.</summary>
    public static void FinishStreaming()
    {
        if (Sse.IsSupported)
            Sse.StoreFence();
        else
            Interlocked.MemoryBarrier();
    }

    /// <summary>Asks for the cache lines of some floats ahead of their use.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AskFor(float* first, int count)
    {
        if (!Sse.IsSupported)
            return;
        for (float* end = first + count; first < end; first += Floats)
            Sse.Prefetch0(first);
    }

    /// <summary>Asks for the cache lines of some floats, into the second-level cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AskForSecondLevel(float* first, int count)
    {
        for (float* end = first + count; first < end; first += Floats)
            AskForSecondLevel(first);
    }

    /// <summary>Asks for one cache line, into the second-level cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AskForSecondLevel(float* place)
    {
        if (Sse.IsSupported)
            Sse.Prefetch1(place);
    }

    /// <summary>Asks for one cache line ahead of its use.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AskFor(float* address)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(address);
    }
}
