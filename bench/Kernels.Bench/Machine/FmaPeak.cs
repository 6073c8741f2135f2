using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Upweave.Bench.Machine;

/// <summary>
/// The most float32 fused multiply-adds that a core does: twelve independent chains that never leave registers. Twelve cover
/// a latency of four or five cycles at two per cycle, and leave room for the two factors in sixteen registers.
/// </summary>
internal static class FmaPeak
{
    private const int Chains = 12;
    private const int Steps = 1 << 20;
    private const int Rounds = 15;

    /// <summary>FLOP/s of this many cores at once, a multiply-add counting two; the best of a few short rounds.</summary>
    public static double Measure(int threads)
    {
        double narrow = Best(threads, Narrow, Vector<float>.Count);
        return Vector512.IsHardwareAccelerated ? Math.Max(narrow, Best(threads, Wide, Vector512<float>.Count)) : narrow;
    }

    private static double Best(int threads, Func<float> loop, int lanes)
    {
        using HelperThreads helpers = new(threads, _ => loop());
        double best = double.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long started = Stopwatch.GetTimestamp();
            helpers.Run();
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        return 2.0 * Chains * lanes * Steps * threads / best;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float Narrow()
    {
        Vector<float> factor = new(0.999f), addend = new(0.001f);
        Vector<float> a = new(1f), b = new(2f), c = new(3f), d = new(4f), e = new(5f), f = new(6f);
        Vector<float> g = new(7f), h = new(8f), i = new(9f), j = new(10f), k = new(11f), l = new(12f);
        for (int step = 0; step < Steps; step++)
        {
            a = Vector.FusedMultiplyAdd(a, factor, addend);
            b = Vector.FusedMultiplyAdd(b, factor, addend);
            c = Vector.FusedMultiplyAdd(c, factor, addend);
            d = Vector.FusedMultiplyAdd(d, factor, addend);
            e = Vector.FusedMultiplyAdd(e, factor, addend);
            f = Vector.FusedMultiplyAdd(f, factor, addend);
            g = Vector.FusedMultiplyAdd(g, factor, addend);
            h = Vector.FusedMultiplyAdd(h, factor, addend);
            i = Vector.FusedMultiplyAdd(i, factor, addend);
            j = Vector.FusedMultiplyAdd(j, factor, addend);
            k = Vector.FusedMultiplyAdd(k, factor, addend);
            l = Vector.FusedMultiplyAdd(l, factor, addend);
        }

        return Vector.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float Wide()
    {
        Vector512<float> factor = Vector512.Create(0.999f), addend = Vector512.Create(0.001f);
        Vector512<float> a = Vector512.Create(1f), b = a + a, c = a + b, d = a + c, e = a + d, f = a + e;
        Vector512<float> g = a + f, h = a + g, i = a + h, j = a + i, k = a + j, l = a + k;
        for (int step = 0; step < Steps; step++)
        {
            a = Vector512.FusedMultiplyAdd(a, factor, addend);
            b = Vector512.FusedMultiplyAdd(b, factor, addend);
            c = Vector512.FusedMultiplyAdd(c, factor, addend);
            d = Vector512.FusedMultiplyAdd(d, factor, addend);
            e = Vector512.FusedMultiplyAdd(e, factor, addend);
            f = Vector512.FusedMultiplyAdd(f, factor, addend);
            g = Vector512.FusedMultiplyAdd(g, factor, addend);
            h = Vector512.FusedMultiplyAdd(h, factor, addend);
            i = Vector512.FusedMultiplyAdd(i, factor, addend);
            j = Vector512.FusedMultiplyAdd(j, factor, addend);
            k = Vector512.FusedMultiplyAdd(k, factor, addend);
            l = Vector512.FusedMultiplyAdd(l, factor, addend);
        }

        return Vector512.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }
}
