using System.Diagnostics;
using Upweave.Kernels.Gpu;

namespace Upweave.Bench.Gpu;

/// <summary>Times work on a device as PyTorch is timed: calls one after the other, without waiting between them.</summary>
internal static class DeviceTimer
{
    private const int Rounds = 7;
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(4);

    /// <summary>A device that had nothing to do runs at a fraction of its clock, and takes a while to get faster.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(120);
    private const int Batch = 16;

    /// <summary>Median seconds per call.</summary>
    public static double Measure(GpuStream stream, Action enqueue)
    {
        enqueue();
        stream.Finish();
        long started = Stopwatch.GetTimestamp();
        int made = 0;
        do
        {
            // Without waiting in between: the clock rises where the device is busy, not where calls are many.
            for (int call = 0; call < Batch; call++, made++)
                enqueue();
            stream.Finish();
        }
        while (Stopwatch.GetElapsedTime(started) < WarmUp);
        double one = Stopwatch.GetElapsedTime(started).TotalSeconds / made;
        int calls = (int)Math.Clamp(Round.TotalSeconds / one, 3, 200);
        double[] times = new double[Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            started = Stopwatch.GetTimestamp();
            for (int call = 0; call < calls; call++)
                enqueue();
            stream.Finish();
            times[round] = Stopwatch.GetElapsedTime(started).TotalSeconds / calls;
        }

        Array.Sort(times);
        return times[Rounds / 2];
    }
}
