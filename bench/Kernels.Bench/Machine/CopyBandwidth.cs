using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Upweave.Kernels;

namespace Upweave.Bench.Machine;

/// <summary>How fast memory beyond the caches is copied. Bytes read and bytes written both count.</summary>
internal static unsafe class CopyBandwidth
{
    private const int BytesPerThread = 96 << 20;
    private const int Rounds = 40;

    /// <summary>Bytes per second with ordinary stores, which read a line before they write it.</summary>
    public static double MeasureOrdinary(int threads) => Measure(threads, Ordinary);

    /// <summary>Bytes per second with non-temporal stores; 0 where there are none.</summary>
    public static double MeasureNonTemporal(int threads) => Avx.IsSupported ? Measure(threads, NonTemporal) : 0;

    private static double Measure(int threads, Copy copy)
    {
        AlignedBuffer[] from = [.. Enumerable.Range(0, threads).Select(_ => new AlignedBuffer(BytesPerThread))];
        AlignedBuffer[] to = [.. Enumerable.Range(0, threads).Select(_ => new AlignedBuffer(BytesPerThread))];
        for (int thread = 0; thread < threads; thread++)
        {
            from[thread].Floats.Fill(1);
            to[thread].Floats.Clear();
        }

        double best = double.MaxValue;
        using (HelperThreads helpers = new(threads, thread => Run(copy, from[thread], to[thread])))
        {
            for (int round = 0; round < Rounds; round++)
            {
                long started = Stopwatch.GetTimestamp();
                helpers.Run();
                best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalSeconds);
            }
        }

        foreach (AlignedBuffer buffer in from.Concat(to))
        {
            buffer.Dispose();
        }

        return 2.0 * BytesPerThread * threads / best;
    }

    private static void Run(Copy copy, AlignedBuffer from, AlignedBuffer to)
    {
        fixed (float* source = from.Floats, target = to.Floats)
        {
            copy(source, target, from.Floats.Length);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Ordinary(float* source, float* target, int count)
    {
        float* end = source + count;
        do
        {
            Vector256<float> a = Vector256.LoadAligned(source), b = Vector256.LoadAligned(source + 8);
            a.StoreAligned(target);
            b.StoreAligned(target + 8);
            source += 16;
            target += 16;
        }
        while (source < end);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void NonTemporal(float* source, float* target, int count)
    {
        float* end = source + count;
        do
        {
            Vector256<float> a = Vector256.LoadAligned(source), b = Vector256.LoadAligned(source + 8);
            a.StoreAlignedNonTemporal(target);
            b.StoreAlignedNonTemporal(target + 8);
            source += 16;
            target += 16;
        }
        while (source < end);
        Sse.StoreFence();
    }

    private delegate void Copy(float* source, float* target, int count);
}
