using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Upweave.Kernels.Phases;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// Totals of one phase's outputs, lanes along x. A vector holds eight consecutive outputs of one channel, loaded from
/// eight consecutive inputs; a weight is broadcast. Register blocks: 4 channels x 3 vectors (12 sums, 3 inputs, 1
/// weight) and 1 channel x 8 vectors, each with a one-vector form. A block finishes all its outputs' totals before
/// the next begins, so the last block is moved back to end with the run and computes some outputs twice, to the same
/// bits: every load stays within the inputs that the run's outputs really have. Runs of fewer than eight outputs are
/// scalar.
/// </summary>
internal static unsafe class LanesXTiles
{
    /// <summary>Output channels of the wide form.</summary>
    public const int Channels = 4;

    /// <summary>Outputs per vector.</summary>
    public const int Lanes = 8;

    /// <param name="totals">One row per channel, <paramref name="channelStride"/> apart.</param>
    /// <param name="channels"><see cref="Channels"/> or 1.</param>
    /// <param name="count">Outputs; exactly these are written.</param>
    public static void Run(in PhaseRun run, float* totals, nint channelStride, int channels, int count)
    {
        int wide = channels == Channels ? 3 * Lanes : 8 * Lanes;
        int outputs;
        for (int x = 0; x < count; x += outputs)
        {
            int left = count - x;
            outputs = count < Lanes ? 1 : count < wide || left <= Lanes ? Lanes : wide;
            x = Math.Min(x, count - outputs);
            Blocks(run.Skip(x), totals + x, channelStride, channels, outputs);
        }
    }

    /// <summary>All blocks of the sum for a few outputs: the first is stored, the others are added to it.</summary>
    private static void Blocks(in PhaseRun run, float* totals, nint channelStride, int channels, int outputs)
    {
        float* input = run.Input;
        float* weights = run.Weights;
        for (int channel = 0; channel < run.Channels; channel += run.ChannelsPerBlock)
        {
            int block = run.BlockLength(channel);
            bool first = channel == 0;
            if (outputs == 1)
                Scalar(input, run.ChannelStride, block, run.Offsets, run.Taps, weights, totals, channelStride, channels, first);
            else if (channels == Channels && outputs == Lanes)
                FourByOne(input, run.ChannelStride, block, run.Offsets, run.Taps, weights, totals, channelStride, first);
            else if (channels == Channels)
                FourByThree(input, run.ChannelStride, block, run.Offsets, run.Taps, weights, totals, channelStride, first);
            else if (outputs == Lanes)
                OneByOne(input, run.ChannelStride, block, run.Offsets, run.Taps, weights, totals, first);
            else
                OneByEight(input, run.ChannelStride, block, run.Offsets, run.Taps, weights, totals, first);
            input += block * run.ChannelStride;
            weights += (nint)block * run.Taps * channels;
        }
    }

    private static void Scalar(
        float* input, nint inputStride, int inputs, int* offsets, int taps, float* weights,
        float* totals, nint channelStride, int channels, bool first)
    {
        for (int channel = 0; channel < channels; channel++)
        {
            float sum = 0f;
            float* weight = weights + channel;
            for (nint i = 0; i < inputs; i++)
            {
                for (int tap = 0; tap < taps; tap++, weight += channels)
                    sum = MathF.FusedMultiplyAdd(input[(i * inputStride) + offsets[tap]], *weight, sum);
            }

            totals[channel * channelStride] = first ? sum : totals[channel * channelStride] + sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneByOne(
        float* input, nint inputStride, int inputs, int* offsets, int taps, float* weights, float* totals, bool first)
    {
        Vector256<float> sum = Vector256<float>.Zero;
        for (; inputs > 0; inputs--, input += inputStride)
        {
            for (int tap = 0; tap < taps; tap++)
                sum = Vector256.FusedMultiplyAdd(Vector256.Load(input + offsets[tap]), Vector256.Create(*weights++), sum);
        }

        Store(sum, totals, first);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneByEight(
        float* input, nint inputStride, int inputs, int* offsets, int taps, float* weights, float* totals, bool first)
    {
        Vector256<float> s0 = Vector256<float>.Zero, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        for (; inputs > 0; inputs--, input += inputStride)
        {
            for (int tap = 0; tap < taps; tap++)
            {
                float* x = input + offsets[tap];
                Vector256<float> w = Vector256.Create(*weights++);
                s0 = Vector256.FusedMultiplyAdd(Vector256.Load(x), w, s0);
                s1 = Vector256.FusedMultiplyAdd(Vector256.Load(x + 8), w, s1);
                s2 = Vector256.FusedMultiplyAdd(Vector256.Load(x + 16), w, s2);
                s3 = Vector256.FusedMultiplyAdd(Vector256.Load(x + 24), w, s3);
                s4 = Vector256.FusedMultiplyAdd(Vector256.Load(x + 32), w, s4);
                s5 = Vector256.FusedMultiplyAdd(Vector256.Load(x + 40), w, s5);
                s6 = Vector256.FusedMultiplyAdd(Vector256.Load(x + 48), w, s6);
                s7 = Vector256.FusedMultiplyAdd(Vector256.Load(x + 56), w, s7);
            }
        }

        Store(s0, totals, first);
        Store(s1, totals + 8, first);
        Store(s2, totals + 16, first);
        Store(s3, totals + 24, first);
        Store(s4, totals + 32, first);
        Store(s5, totals + 40, first);
        Store(s6, totals + 48, first);
        Store(s7, totals + 56, first);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourByOne(
        float* input, nint inputStride, int inputs, int* offsets, int taps, float* weights,
        float* totals, nint channelStride, bool first)
    {
        Vector256<float> s0 = Vector256<float>.Zero, s1 = s0, s2 = s0, s3 = s0;
        for (; inputs > 0; inputs--, input += inputStride)
        {
            for (int tap = 0; tap < taps; tap++)
            {
                Vector256<float> x = Vector256.Load(input + offsets[tap]);
                s0 = Vector256.FusedMultiplyAdd(x, Vector256.Create(weights[0]), s0);
                s1 = Vector256.FusedMultiplyAdd(x, Vector256.Create(weights[1]), s1);
                s2 = Vector256.FusedMultiplyAdd(x, Vector256.Create(weights[2]), s2);
                s3 = Vector256.FusedMultiplyAdd(x, Vector256.Create(weights[3]), s3);
                weights += 4;
            }
        }

        Store(s0, totals, first);
        Store(s1, totals + channelStride, first);
        Store(s2, totals + (2 * channelStride), first);
        Store(s3, totals + (3 * channelStride), first);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourByThree(
        float* input, nint inputStride, int inputs, int* offsets, int taps, float* weights,
        float* totals, nint channelStride, bool first)
    {
        Vector256<float> a0 = Vector256<float>.Zero, a1 = a0, a2 = a0, b0 = a0, b1 = a0, b2 = a0;
        Vector256<float> c0 = a0, c1 = a0, c2 = a0, d0 = a0, d1 = a0, d2 = a0;
        for (; inputs > 0; inputs--, input += inputStride)
        {
            for (int tap = 0; tap < taps; tap++)
            {
                float* x = input + offsets[tap];
                Vector256<float> x0 = Vector256.Load(x), x1 = Vector256.Load(x + 8), x2 = Vector256.Load(x + 16);
                Vector256<float> w = Vector256.Create(weights[0]);
                a0 = Vector256.FusedMultiplyAdd(x0, w, a0);
                a1 = Vector256.FusedMultiplyAdd(x1, w, a1);
                a2 = Vector256.FusedMultiplyAdd(x2, w, a2);
                w = Vector256.Create(weights[1]);
                b0 = Vector256.FusedMultiplyAdd(x0, w, b0);
                b1 = Vector256.FusedMultiplyAdd(x1, w, b1);
                b2 = Vector256.FusedMultiplyAdd(x2, w, b2);
                w = Vector256.Create(weights[2]);
                c0 = Vector256.FusedMultiplyAdd(x0, w, c0);
                c1 = Vector256.FusedMultiplyAdd(x1, w, c1);
                c2 = Vector256.FusedMultiplyAdd(x2, w, c2);
                w = Vector256.Create(weights[3]);
                d0 = Vector256.FusedMultiplyAdd(x0, w, d0);
                d1 = Vector256.FusedMultiplyAdd(x1, w, d1);
                d2 = Vector256.FusedMultiplyAdd(x2, w, d2);
                weights += 4;
            }
        }

        StoreThree(a0, a1, a2, totals, first);
        StoreThree(b0, b1, b2, totals + channelStride, first);
        StoreThree(c0, c1, c2, totals + (2 * channelStride), first);
        StoreThree(d0, d1, d2, totals + (3 * channelStride), first);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreThree(Vector256<float> s0, Vector256<float> s1, Vector256<float> s2, float* totals, bool first)
    {
        Store(s0, totals, first);
        Store(s1, totals + 8, first);
        Store(s2, totals + 16, first);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> sum, float* totals, bool first) =>
        (first ? sum : Vector256.Load(totals) + sum).Store(totals);
}
