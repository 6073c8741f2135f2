using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Upweave.Kernels.Phases;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// Totals of one phase's outputs, lanes across output channels. Two vectors hold 16 output channels of one output,
/// loaded from the packed weights; an input is broadcast. Register blocks: 6 outputs x 2 vectors (12 sums, 2 weights,
/// 1 input), then 4, 2 and 1 outputs for the remainder. Inputs are read one at a time, so every load is one that the
/// outputs really have.
/// </summary>
internal static unsafe class LanesChannelsTiles
{
    /// <summary>Output channels per block.</summary>
    public const int Lanes = 16;

    /// <param name="totals">16 floats per output.</param>
    /// <param name="totalStride">Floats from one output of the phase to the next.</param>
    public static void Run(in PhaseRun run, float* totals, nint totalStride, int count)
    {
        float* input = run.Input;
        float* weights = run.Weights;
        for (int channel = 0; channel < run.Channels; channel += run.ChannelsPerBlock)
        {
            int block = run.BlockLength(channel);
            Block(input, run.ChannelStride, block, run.Offsets, run.Taps, weights, totals, totalStride, count, channel == 0);
            input += block * run.ChannelStride;
            weights += (nint)block * run.Taps * Lanes;
        }
    }

    /// <summary>Writes one lane of every output to consecutive elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CopyLane(float* totals, float* output, int count)
    {
        float* end = output + count;
        for (; end - output >= 4; output += 4, totals += 4 * Lanes)
        {
            output[0] = totals[0];
            output[1] = totals[Lanes];
            output[2] = totals[2 * Lanes];
            output[3] = totals[3 * Lanes];
        }

        for (; output < end; output++, totals += Lanes)
            *output = *totals;
    }

    /// <summary>
    /// One block of the sum for all outputs of the run, so that its weights are read again while they are in the
    /// cache.
    /// </summary>
    private static void Block(
        float* input, nint inputStride, int inputs, int* offsets, int taps, float* weights,
        float* totals, nint totalStride, int count, bool first)
    {
        int outputs;
        for (; count > 0; count -= outputs, input += outputs, totals += outputs * totalStride)
        {
            if (count >= 6)
            {
                outputs = 6;
                Six(input, inputStride, inputs, offsets, taps, weights, totals, totalStride, first);
            }
            else if (count >= 4)
            {
                outputs = 4;
                Four(input, inputStride, inputs, offsets, taps, weights, totals, totalStride, first);
            }
            else if (count >= 2)
            {
                outputs = 2;
                Two(input, inputStride, inputs, offsets, taps, weights, totals, totalStride, first);
            }
            else
            {
                outputs = 1;
                One(input, inputStride, inputs, offsets, taps, weights, totals, first);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Six(
        float* input, nint inputStride, int inputs, int* offsets, int taps, float* weights,
        float* totals, nint totalStride, bool first)
    {
        Vector256<float> a0 = Vector256<float>.Zero, a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0;
        Vector256<float> d0 = a0, d1 = a0, e0 = a0, e1 = a0, f0 = a0, f1 = a0;
        for (; inputs > 0; inputs--, input += inputStride)
        {
            for (int tap = 0; tap < taps; tap++, weights += Lanes)
            {
                float* x = input + offsets[tap];
                Vector256<float> w0 = Vector256.Load(weights), w1 = Vector256.Load(weights + 8);
                Vector256<float> v = Vector256.Create(x[0]);
                a0 = Vector256.FusedMultiplyAdd(v, w0, a0);
                a1 = Vector256.FusedMultiplyAdd(v, w1, a1);
                v = Vector256.Create(x[1]);
                b0 = Vector256.FusedMultiplyAdd(v, w0, b0);
                b1 = Vector256.FusedMultiplyAdd(v, w1, b1);
                v = Vector256.Create(x[2]);
                c0 = Vector256.FusedMultiplyAdd(v, w0, c0);
                c1 = Vector256.FusedMultiplyAdd(v, w1, c1);
                v = Vector256.Create(x[3]);
                d0 = Vector256.FusedMultiplyAdd(v, w0, d0);
                d1 = Vector256.FusedMultiplyAdd(v, w1, d1);
                v = Vector256.Create(x[4]);
                e0 = Vector256.FusedMultiplyAdd(v, w0, e0);
                e1 = Vector256.FusedMultiplyAdd(v, w1, e1);
                v = Vector256.Create(x[5]);
                f0 = Vector256.FusedMultiplyAdd(v, w0, f0);
                f1 = Vector256.FusedMultiplyAdd(v, w1, f1);
            }
        }

        Store(a0, a1, totals, first);
        Store(b0, b1, totals + totalStride, first);
        Store(c0, c1, totals + (2 * totalStride), first);
        Store(d0, d1, totals + (3 * totalStride), first);
        Store(e0, e1, totals + (4 * totalStride), first);
        Store(f0, f1, totals + (5 * totalStride), first);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four(
        float* input, nint inputStride, int inputs, int* offsets, int taps, float* weights,
        float* totals, nint totalStride, bool first)
    {
        Vector256<float> a0 = Vector256<float>.Zero, a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
        for (; inputs > 0; inputs--, input += inputStride)
        {
            for (int tap = 0; tap < taps; tap++, weights += Lanes)
            {
                float* x = input + offsets[tap];
                Vector256<float> w0 = Vector256.Load(weights), w1 = Vector256.Load(weights + 8);
                Vector256<float> v = Vector256.Create(x[0]);
                a0 = Vector256.FusedMultiplyAdd(v, w0, a0);
                a1 = Vector256.FusedMultiplyAdd(v, w1, a1);
                v = Vector256.Create(x[1]);
                b0 = Vector256.FusedMultiplyAdd(v, w0, b0);
                b1 = Vector256.FusedMultiplyAdd(v, w1, b1);
                v = Vector256.Create(x[2]);
                c0 = Vector256.FusedMultiplyAdd(v, w0, c0);
                c1 = Vector256.FusedMultiplyAdd(v, w1, c1);
                v = Vector256.Create(x[3]);
                d0 = Vector256.FusedMultiplyAdd(v, w0, d0);
                d1 = Vector256.FusedMultiplyAdd(v, w1, d1);
            }
        }

        Store(a0, a1, totals, first);
        Store(b0, b1, totals + totalStride, first);
        Store(c0, c1, totals + (2 * totalStride), first);
        Store(d0, d1, totals + (3 * totalStride), first);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two(
        float* input, nint inputStride, int inputs, int* offsets, int taps, float* weights,
        float* totals, nint totalStride, bool first)
    {
        Vector256<float> a0 = Vector256<float>.Zero, a1 = a0, b0 = a0, b1 = a0;
        for (; inputs > 0; inputs--, input += inputStride)
        {
            for (int tap = 0; tap < taps; tap++, weights += Lanes)
            {
                float* x = input + offsets[tap];
                Vector256<float> w0 = Vector256.Load(weights), w1 = Vector256.Load(weights + 8);
                Vector256<float> v = Vector256.Create(x[0]);
                a0 = Vector256.FusedMultiplyAdd(v, w0, a0);
                a1 = Vector256.FusedMultiplyAdd(v, w1, a1);
                v = Vector256.Create(x[1]);
                b0 = Vector256.FusedMultiplyAdd(v, w0, b0);
                b1 = Vector256.FusedMultiplyAdd(v, w1, b1);
            }
        }

        Store(a0, a1, totals, first);
        Store(b0, b1, totals + totalStride, first);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(
        float* input, nint inputStride, int inputs, int* offsets, int taps, float* weights, float* totals, bool first)
    {
        Vector256<float> a0 = Vector256<float>.Zero, a1 = a0;
        for (; inputs > 0; inputs--, input += inputStride)
        {
            for (int tap = 0; tap < taps; tap++, weights += Lanes)
            {
                Vector256<float> v = Vector256.Create(input[offsets[tap]]);
                a0 = Vector256.FusedMultiplyAdd(v, Vector256.Load(weights), a0);
                a1 = Vector256.FusedMultiplyAdd(v, Vector256.Load(weights + 8), a1);
            }
        }

        Store(a0, a1, totals, first);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> low, Vector256<float> high, float* totals, bool first)
    {
        (first ? low : Vector256.Load(totals) + low).Store(totals);
        (first ? high : Vector256.Load(totals + 8) + high).Store(totals + 8);
    }
}
