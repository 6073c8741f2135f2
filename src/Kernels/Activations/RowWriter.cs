using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Upweave.Kernels.Lanes;

namespace Upweave.Kernels.Activations;

/// <summary>
/// The last pass over a row: the totals of its phases are loaded once, biased, activated, made canonical and merged in
/// registers, and stored once. A position is one total of each phase, so as many outputs as there are phases; lanes
/// hold consecutive positions of one phase. The last vector overlaps the one before, which writes the same numbers
/// again; so nothing outside the rows is read or written. Rows too short for one vector take narrower ones, then
/// single numbers.
/// </summary>
internal static unsafe class RowWriter<TVector, TLanes, TFunction>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
    where TFunction : struct, IActivationFunction
{
    /// <inheritdoc cref="RowFinisher.Write"/>
    public static void Write(
        TFunction function, float bias, float* totals, nint totalsStride, int phases, float* output, int length)
    {
        bias += 0f;
        int positions = phases == 1 ? length : (int)((uint)length / (uint)phases);
        if (positions < TLanes.Count)
            WriteShort(function, bias, totals, totalsStride, phases, output, length, positions);
        else if (phases == 1)
            One(function, bias, totals, output, length);
        else if (phases == 2)
            Two(function, bias, totals, totals + totalsStride, output, positions);
        else if (phases == 3)
            Three(function, bias, totals, totalsStride, output, positions);
        else
            Many(function, bias, totals, totalsStride, phases, output, positions);
        if (positions >= TLanes.Count && positions * phases < length)
            Singles(function, bias, totals, totalsStride, phases, output, positions, length);
    }

    private static void WriteShort(
        TFunction function, float bias, float* totals, nint totalsStride, int phases, float* output, int length, int positions)
    {
        if (TLanes.Count > Vector256<float>.Count && positions >= Vector256<float>.Count)
            RowWriter<Vector256<float>, Lanes256, TFunction>.Write(function, bias, totals, totalsStride, phases, output, length);
        else if (TLanes.Count > Vector128<float>.Count && positions >= Vector128<float>.Count)
            RowWriter<Vector128<float>, Lanes128, TFunction>.Write(function, bias, totals, totalsStride, phases, output, length);
        else
            Singles(function, bias, totals, totalsStride, phases, output, 0, length);
    }

    /// <summary>
    /// The last vector is loaded first, so output may be the totals themselves. Two vectors per step take 1.3 cycles each instead
    /// of 2.1 (Zen 3).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(TFunction function, float bias, float* totals, float* output, int length)
    {
        TVector biases = TLanes.Create(bias);
        nint last = length - TLanes.Count;
        TVector end = Finish(function, TLanes.Load(totals + last), biases);
        nint position = 0;
        for (; position + TLanes.Count < last; position += 2 * TLanes.Count)
        {
            TVector first = Finish(function, TLanes.Load(totals + position), biases);
            TVector second = Finish(function, TLanes.Load(totals + position + TLanes.Count), biases);
            TLanes.Store(first, output + position);
            TLanes.Store(second, output + position + TLanes.Count);
        }

        if (position < last)
            TLanes.Store(Finish(function, TLanes.Load(totals + position), biases), output + position);
        TLanes.Store(end, output + last);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two(TFunction function, float bias, float* even, float* odd, float* output, int positions)
    {
        TVector biases = TLanes.Create(bias);
        nint last = positions - TLanes.Count;
        nint position = 0;
        while (true)
        {
            TVector a = Finish(function, TLanes.Load(even + position), biases);
            TVector b = Finish(function, TLanes.Load(odd + position), biases);
            float* target = output + (2 * position);
            TLanes.Store(TLanes.InterleaveLow(a, b), target);
            TLanes.Store(TLanes.InterleaveHigh(a, b), target + TLanes.Count);
            if (position == last)
                return;
            position = Math.Min(position + TLanes.Count, last);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Three(TFunction function, float bias, float* totals, nint totalsStride, float* output, int positions)
    {
        TVector biases = TLanes.Create(bias);
        nint last = positions - TLanes.Count;
        nint position = 0;
        while (true)
        {
            float* source = totals + position;
            TVector a = Finish(function, TLanes.Load(source), biases);
            TVector b = Finish(function, TLanes.Load(source + totalsStride), biases);
            TVector c = Finish(function, TLanes.Load(source + (2 * totalsStride)), biases);
            float* target = output + (3 * position);
            TLanes.Store(TLanes.InterleaveThree(a, b, c, 0), target);
            TLanes.Store(TLanes.InterleaveThree(a, b, c, 1), target + TLanes.Count);
            TLanes.Store(TLanes.InterleaveThree(a, b, c, 2), target + (2 * TLanes.Count));
            if (position == last)
                return;
            position = Math.Min(position + TLanes.Count, last);
        }
    }

    /// <summary>
    /// Four phases at a time, the last four overlapping those before: their outputs of one position are four neighbours.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Many(
        TFunction function, float bias, float* totals, nint totalsStride, nint phases, float* output, int positions)
    {
        TVector biases = TLanes.Create(bias);
        nint last = positions - TLanes.Count;
        nint lastPhase = phases - 4;
        nint position = 0;
        nint phase = 0;
        while (true)
        {
            float* source = totals + (phase * totalsStride) + position;
            TVector a = Finish(function, TLanes.Load(source), biases);
            TVector b = Finish(function, TLanes.Load(source + totalsStride), biases);
            TVector c = Finish(function, TLanes.Load(source + (2 * totalsStride)), biases);
            TVector d = Finish(function, TLanes.Load(source + (3 * totalsStride)), biases);
            float* target = output + (phases * position) + phase;
            TLanes.StoreFours(TLanes.InterleaveFour(a, b, c, d, 0), target, 4 * phases);
            TLanes.StoreFours(TLanes.InterleaveFour(a, b, c, d, 1), target + phases, 4 * phases);
            TLanes.StoreFours(TLanes.InterleaveFour(a, b, c, d, 2), target + (2 * phases), 4 * phases);
            TLanes.StoreFours(TLanes.InterleaveFour(a, b, c, d, 3), target + (3 * phases), 4 * phases);
            if (phase < lastPhase)
            {
                phase = Math.Min(phase + 4, lastPhase);
                continue;
            }

            if (position == last)
                return;
            phase = 0;
            position = Math.Min(position + TLanes.Count, last);
        }
    }

    /// <summary>Whole positions that are too few for a vector, and the position that ends within the phases.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Singles(
        TFunction function, float bias, float* totals, nint totalsStride, int phases, float* output, nint position, int length)
    {
        for (nint start = position * phases; start < length; start += phases, position++)
        {
            float* source = totals + position;
            nint count = Math.Min(phases, length - start);
            nint phase = 0;
            for (; phase + 4 <= count; phase += 4)
            {
                float* four = source + (phase * totalsStride);
                Vector128<float> values = Vector128.Create(four[0], four[totalsStride], four[2 * totalsStride], four[3 * totalsStride]);
                values = function.Apply<Vector128<float>, Lanes128>(values + Vector128.Create(bias));
                Canonical.Of<Vector128<float>, Lanes128>(values).Store(output + start + phase);
            }

            for (; phase < count; phase++)
                output[start + phase] = Canonical.Of(function.Apply(source[phase * totalsStride] + bias));
        }
    }

    /// <summary>A sum is -0 only where both terms are, and the bias is not: adding +0 has seen to that.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Finish(TFunction function, TVector total, TVector bias)
    {
        TVector value = function.Apply<TVector, TLanes>(TLanes.Add(total, bias));
        return TFunction.MakesNoNegativeZero ? Canonical.OfNaN<TVector, TLanes>(value) : Canonical.Of<TVector, TLanes>(value);
    }
}
