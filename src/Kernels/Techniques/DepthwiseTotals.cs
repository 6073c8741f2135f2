using System.Runtime.CompilerServices;
using Upweave.Kernels.Lanes;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// The totals of one phase along a row: element i is the sum over taps of weight * input[offset + i], in blocks of
/// four taps. Lanes hold consecutive elements. A row's remainder is covered by a last vector that ends where the row
/// ends and computes some elements again, so nothing outside is read; a row below one vector is scalar.
/// </summary>
internal static unsafe class DepthwiseTotals<TVector, TLanes>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    private const int TapsPerBlock = 4;

    /// <param name="count">Taps; with none the totals are 0.</param>
    public static void Run(float* input, int* offsets, float* weights, int count, float* totals, int length)
    {
        int done = 0;
        for (; length - done >= 4 * TLanes.Count; done += 4 * TLanes.Count)
            FourVectors(input + done, offsets, weights, count, totals + done);
        for (; length - done >= TLanes.Count; done += TLanes.Count)
            OneVector(input + done, offsets, weights, count, totals + done);
        if (done < length && length >= TLanes.Count)
            OneVector(input + length - TLanes.Count, offsets, weights, count, totals + length - TLanes.Count);
        else
            Scalar(input + done, offsets, weights, count, totals + done, length - done);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourVectors(float* input, int* offsets, float* weights, int count, float* totals)
    {
        TVector total0 = TLanes.Zero, total1 = TLanes.Zero, total2 = TLanes.Zero, total3 = TLanes.Zero;
        float* end = weights + count;
        while (weights < end)
        {
            TVector sum0 = TLanes.Zero, sum1 = TLanes.Zero, sum2 = TLanes.Zero, sum3 = TLanes.Zero;
            float* block = end - weights > TapsPerBlock ? weights + TapsPerBlock : end;
            do
            {
                float* source = input + *offsets++;
                TVector weight = TLanes.Broadcast(weights++);
                sum0 = TLanes.FusedMultiplyAdd(TLanes.Load(source), weight, sum0);
                sum1 = TLanes.FusedMultiplyAdd(TLanes.Load(source + TLanes.Count), weight, sum1);
                sum2 = TLanes.FusedMultiplyAdd(TLanes.Load(source + (2 * TLanes.Count)), weight, sum2);
                sum3 = TLanes.FusedMultiplyAdd(TLanes.Load(source + (3 * TLanes.Count)), weight, sum3);
            }
            while (weights < block);
            total0 = TLanes.Add(total0, sum0);
            total1 = TLanes.Add(total1, sum1);
            total2 = TLanes.Add(total2, sum2);
            total3 = TLanes.Add(total3, sum3);
        }

        TLanes.Store(total0, totals);
        TLanes.Store(total1, totals + TLanes.Count);
        TLanes.Store(total2, totals + (2 * TLanes.Count));
        TLanes.Store(total3, totals + (3 * TLanes.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneVector(float* input, int* offsets, float* weights, int count, float* totals)
    {
        TVector total = TLanes.Zero;
        float* end = weights + count;
        while (weights < end)
        {
            TVector sum = TLanes.Zero;
            float* block = end - weights > TapsPerBlock ? weights + TapsPerBlock : end;
            do
                sum = TLanes.FusedMultiplyAdd(TLanes.Load(input + *offsets++), TLanes.Broadcast(weights++), sum);
            while (weights < block);
            total = TLanes.Add(total, sum);
        }

        TLanes.Store(total, totals);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scalar(float* input, int* offsets, float* weights, int count, float* totals, int length)
    {
        for (int index = 0; index < length; index++)
        {
            float total = 0f;
            for (int first = 0; first < count; first += TapsPerBlock)
            {
                float sum = 0f;
                for (int tap = first; tap < Math.Min(first + TapsPerBlock, count); tap++)
                    sum = MathF.FusedMultiplyAdd(input[offsets[tap] + index], weights[tap], sum);
                total += sum;
            }

            totals[index] = total;
        }
    }
}
