using System.Runtime.CompilerServices;

namespace Upweave.Kernels.Techniques;

/// <summary>Tiles of eight vectors, for processors with 32 of them: half the loads for each product.</summary>
internal static unsafe partial class DepthwiseTiles<TVector, TLanes, TFunction>
{
    /// <summary>Two rows, four vectors.</summary>
    /// <inheritdoc cref="OneByFour"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TwoByFour(in DepthwiseTile tile, TFunction function, float* weights, nint place, nint step, int count)
    {
        TVector bias = TLanes.Create(tile.Bias);
        float** sources = tile.Sources;
        nint pitch = tile.Pitch;
        nint nextWeights = tile.WeightsRow, nextOutput = tile.OutputRow;
        float* output = tile.Output + place;
        for (; count > 0; count--, place += 4 * step, output += 4 * step)
        {
            TVector total00 = TLanes.Zero, total01 = TLanes.Zero, total02 = TLanes.Zero, total03 = TLanes.Zero;
            TVector total10 = TLanes.Zero, total11 = TLanes.Zero, total12 = TLanes.Zero, total13 = TLanes.Zero;
            float** source = sources;
            float* weight = weights;
            for (int left = tile.Taps; left > 0; left -= TapsPerBlock)
            {
                TVector sum00 = TLanes.Zero, sum01 = TLanes.Zero, sum02 = TLanes.Zero, sum03 = TLanes.Zero;
                TVector sum10 = TLanes.Zero, sum11 = TLanes.Zero, sum12 = TLanes.Zero, sum13 = TLanes.Zero;
                int block = Math.Min(left, TapsPerBlock);
                do
                {
                    float* from = *source++ + place;
                    TVector from0 = TLanes.Load(from), from1 = TLanes.Load(from + step);
                    TVector from2 = TLanes.Load(from + (2 * step)), from3 = TLanes.Load(from + (3 * step));
                    TVector factor0 = TLanes.Load(weight);
                    sum00 = TLanes.FusedMultiplyAdd(from0, factor0, sum00);
                    sum01 = TLanes.FusedMultiplyAdd(from1, factor0, sum01);
                    sum02 = TLanes.FusedMultiplyAdd(from2, factor0, sum02);
                    sum03 = TLanes.FusedMultiplyAdd(from3, factor0, sum03);
                    TVector factor1 = TLanes.Load(weight + nextWeights);
                    sum10 = TLanes.FusedMultiplyAdd(from0, factor1, sum10);
                    sum11 = TLanes.FusedMultiplyAdd(from1, factor1, sum11);
                    sum12 = TLanes.FusedMultiplyAdd(from2, factor1, sum12);
                    sum13 = TLanes.FusedMultiplyAdd(from3, factor1, sum13);
                    weight += pitch;
                }
                while (--block > 0);
                total00 = TLanes.Add(total00, sum00);
                total01 = TLanes.Add(total01, sum01);
                total02 = TLanes.Add(total02, sum02);
                total03 = TLanes.Add(total03, sum03);
                total10 = TLanes.Add(total10, sum10);
                total11 = TLanes.Add(total11, sum11);
                total12 = TLanes.Add(total12, sum12);
                total13 = TLanes.Add(total13, sum13);
            }

            Store(tile.IsStreamed, Finish(function, total00, bias), output);
            Store(tile.IsStreamed, Finish(function, total01, bias), output + step);
            Store(tile.IsStreamed, Finish(function, total02, bias), output + (2 * step));
            Store(tile.IsStreamed, Finish(function, total03, bias), output + (3 * step));
            Store(tile.IsStreamed, Finish(function, total10, bias), output + nextOutput);
            Store(tile.IsStreamed, Finish(function, total11, bias), output + nextOutput + step);
            Store(tile.IsStreamed, Finish(function, total12, bias), output + nextOutput + (2 * step));
            Store(tile.IsStreamed, Finish(function, total13, bias), output + nextOutput + (3 * step));
        }
    }

    /// <summary>Four rows, two vectors.</summary>
    /// <inheritdoc cref="OneByFour"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FourByTwo(in DepthwiseTile tile, TFunction function, float* weights, nint place, nint step, int count)
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
            TVector total20 = TLanes.Zero, total21 = TLanes.Zero;
            TVector total30 = TLanes.Zero, total31 = TLanes.Zero;
            float** source = sources;
            float* weight = weights;
            for (int left = tile.Taps; left > 0; left -= TapsPerBlock)
            {
                TVector sum00 = TLanes.Zero, sum01 = TLanes.Zero;
                TVector sum10 = TLanes.Zero, sum11 = TLanes.Zero;
                TVector sum20 = TLanes.Zero, sum21 = TLanes.Zero;
                TVector sum30 = TLanes.Zero, sum31 = TLanes.Zero;
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
                    TVector factor2 = TLanes.Load(weight + (2 * nextWeights));
                    sum20 = TLanes.FusedMultiplyAdd(from0, factor2, sum20);
                    sum21 = TLanes.FusedMultiplyAdd(from1, factor2, sum21);
                    TVector factor3 = TLanes.Load(weight + (3 * nextWeights));
                    sum30 = TLanes.FusedMultiplyAdd(from0, factor3, sum30);
                    sum31 = TLanes.FusedMultiplyAdd(from1, factor3, sum31);
                    weight += pitch;
                }
                while (--block > 0);
                total00 = TLanes.Add(total00, sum00);
                total01 = TLanes.Add(total01, sum01);
                total10 = TLanes.Add(total10, sum10);
                total11 = TLanes.Add(total11, sum11);
                total20 = TLanes.Add(total20, sum20);
                total21 = TLanes.Add(total21, sum21);
                total30 = TLanes.Add(total30, sum30);
                total31 = TLanes.Add(total31, sum31);
            }

            Store(tile.IsStreamed, Finish(function, total00, bias), output);
            Store(tile.IsStreamed, Finish(function, total01, bias), output + step);
            Store(tile.IsStreamed, Finish(function, total10, bias), output + nextOutput);
            Store(tile.IsStreamed, Finish(function, total11, bias), output + nextOutput + step);
            Store(tile.IsStreamed, Finish(function, total20, bias), output + (2 * nextOutput));
            Store(tile.IsStreamed, Finish(function, total21, bias), output + (2 * nextOutput) + step);
            Store(tile.IsStreamed, Finish(function, total30, bias), output + (3 * nextOutput));
            Store(tile.IsStreamed, Finish(function, total31, bias), output + (3 * nextOutput) + step);
        }
    }
}
