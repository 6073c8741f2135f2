using System.Runtime.CompilerServices;
using Upweave.Kernels.Activations;
using Upweave.Kernels.Lanes;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// Outputs of one to four rows: lanes are consecutive outputs, each the sum over taps of weight * source, in blocks of four taps. A
/// tile is rows * vectors of sums in registers; loads of the sources serve all rows, those of weights all vectors. Tiles are repeated
/// along the row.
/// </summary>
internal static unsafe partial class DepthwiseTiles<TVector, TLanes, TFunction>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
    where TFunction : struct, IActivationFunction
{
    private const int TapsPerBlock = 4;

    /// <summary>One vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static TVector One(in DepthwiseTile tile, TFunction function, float* weights, nint place)
    {
        TVector total = TLanes.Zero;
        float** source = tile.Sources;
        for (int left = tile.Taps; left > 0; left -= TapsPerBlock)
        {
            TVector sum = TLanes.Zero;
            for (int block = Math.Min(left, TapsPerBlock); block > 0; block--, weights += tile.Pitch)
                sum = TLanes.FusedMultiplyAdd(TLanes.Load(*source++ + place), TLanes.Load(weights), sum);
            total = TLanes.Add(total, sum);
        }

        return Finish(function, total, TLanes.Create(tile.Bias));
    }

    /// <summary>One row, four vectors.</summary>
    /// <param name="place">The first output.</param>
    /// <param name="step">From one vector's first output to the next one's: whole periods of the weights.</param>
    /// <param name="count">Tiles, one after the other.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OneByFour(in DepthwiseTile tile, TFunction function, float* weights, nint place, nint step, int count)
    {
        TVector bias = TLanes.Create(tile.Bias);
        float** sources = tile.Sources;
        nint pitch = tile.Pitch;
        float* output = tile.Output + place;
        for (; count > 0; count--, place += 4 * step, output += 4 * step)
        {
            TVector total0 = TLanes.Zero, total1 = TLanes.Zero, total2 = TLanes.Zero, total3 = TLanes.Zero;
            float** source = sources;
            float* weight = weights;
            for (int left = tile.Taps; left > 0; left -= TapsPerBlock)
            {
                TVector sum0 = TLanes.Zero, sum1 = TLanes.Zero, sum2 = TLanes.Zero, sum3 = TLanes.Zero;
                int block = Math.Min(left, TapsPerBlock);
                do
                {
                    float* from = *source++ + place;
                    TVector factor = TLanes.Load(weight);
                    weight += pitch;
                    sum0 = TLanes.FusedMultiplyAdd(TLanes.Load(from), factor, sum0);
                    sum1 = TLanes.FusedMultiplyAdd(TLanes.Load(from + step), factor, sum1);
                    sum2 = TLanes.FusedMultiplyAdd(TLanes.Load(from + (2 * step)), factor, sum2);
                    sum3 = TLanes.FusedMultiplyAdd(TLanes.Load(from + (3 * step)), factor, sum3);
                }
                while (--block > 0);
                total0 = TLanes.Add(total0, sum0);
                total1 = TLanes.Add(total1, sum1);
                total2 = TLanes.Add(total2, sum2);
                total3 = TLanes.Add(total3, sum3);
            }

            Store(tile.IsStreamed, Finish(function, total0, bias), output);
            Store(tile.IsStreamed, Finish(function, total1, bias), output + step);
            Store(tile.IsStreamed, Finish(function, total2, bias), output + (2 * step));
            Store(tile.IsStreamed, Finish(function, total3, bias), output + (3 * step));
        }
    }

    /// <summary>Two rows, two vectors.</summary>
    /// <inheritdoc cref="OneByFour"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TwoByTwo(in DepthwiseTile tile, TFunction function, float* weights, nint place, nint step, int count)
    {
        TVector bias = TLanes.Create(tile.Bias);
        float** sources = tile.Sources;
        nint pitch = tile.Pitch;
        nint nextWeights = tile.WeightsRow, nextOutput = tile.OutputRow;
        float* output = tile.Output + place;
        for (; count > 0; count--, place += 2 * step, output += 2 * step)
        {
            TVector total00 = TLanes.Zero, total01 = TLanes.Zero;
            TVector total10 = TLanes.Zero, total11 = TLanes.Zero;
            float** source = sources;
            float* weight = weights;
            for (int left = tile.Taps; left > 0; left -= TapsPerBlock)
            {
                TVector sum00 = TLanes.Zero, sum01 = TLanes.Zero;
                TVector sum10 = TLanes.Zero, sum11 = TLanes.Zero;
                int block = Math.Min(left, TapsPerBlock);
                do
                {
                    float* from = *source++ + place;
                    TVector from0 = TLanes.Load(from), from1 = TLanes.Load(from + step);
                    TVector factor0 = TLanes.Load(weight);
                    sum00 = TLanes.FusedMultiplyAdd(from0, factor0, sum00);
                    sum01 = TLanes.FusedMultiplyAdd(from1, factor0, sum01);
                    TVector factor1 = TLanes.Load(weight + nextWeights);
                    sum10 = TLanes.FusedMultiplyAdd(from0, factor1, sum10);
                    sum11 = TLanes.FusedMultiplyAdd(from1, factor1, sum11);
                    weight += pitch;
                }
                while (--block > 0);
                total00 = TLanes.Add(total00, sum00);
                total01 = TLanes.Add(total01, sum01);
                total10 = TLanes.Add(total10, sum10);
                total11 = TLanes.Add(total11, sum11);
            }

            Store(tile.IsStreamed, Finish(function, total00, bias), output);
            Store(tile.IsStreamed, Finish(function, total01, bias), output + step);
            Store(tile.IsStreamed, Finish(function, total10, bias), output + nextOutput);
            Store(tile.IsStreamed, Finish(function, total11, bias), output + nextOutput + step);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(bool isStreamed, TVector vector, float* target)
    {
        if (isStreamed)
            TLanes.StoreStreaming(vector, target);
        else
            TLanes.Store(vector, target);
    }

    /// <summary>A sum is -0 only where both terms are, and the bias is not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Finish(TFunction function, TVector total, TVector bias)
    {
        TVector value = function.Apply<TVector, TLanes>(TLanes.Add(total, bias));
        return TFunction.MakesNoNegativeZero ? Canonical.OfNaN<TVector, TLanes>(value) : Canonical.Of<TVector, TLanes>(value);
    }
}
