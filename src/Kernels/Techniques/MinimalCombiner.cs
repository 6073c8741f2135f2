using System.Runtime.CompilerServices;
using Upweave.Kernels.Lanes;

namespace Upweave.Kernels.Techniques;

/// <summary>Adds the sums of a phase's points to the totals of its outputs: along x, then along y. Lanes are cells.</summary>
internal static unsafe class MinimalCombiner<TVector, TLanes>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    /// <param name="sums">[point of y][point of x][row][column], columns in whole tiles.</param>
    /// <param name="pointsY">4 to 1: see <see cref="MinimalAxis.Points"/>.</param>
    /// <param name="length">Floats of one point: rows times columns of a tile.</param>
    /// <param name="width">Columns in use, in whole vectors.</param>
    /// <param name="totals">The first position on both axes; [row] <paramref name="rowStride"/> apart.</param>
    /// <param name="strideY">To the second position along y.</param>
    /// <param name="strideX">To the second position along x.</param>
    /// <returns>Whether all totals are finite, those of columns behind the last in use included.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Run(
        float* sums, int pointsY, int pointsX, nint length, int tileColumns, int width, float* totals, nint rowStride, nint strideY,
        nint strideX)
    {
        TVector check = TLanes.Zero;
        for (nint start = 0; start < length; start += tileColumns, totals += rowStride)
        {
            for (int column = 0; column < width; column += TLanes.Count)
            {
                float* source = sums + start + column;
                float* target = totals + column;
                (TVector low, TVector high) = AlongX(source, pointsX, length);
                if (pointsY > 1)
                {
                    (TVector nextLow, TVector nextHigh) = AlongX(source + (pointsX * length), pointsX, length);
                    TVector farLow = nextLow, farHigh = nextHigh;
                    if (pointsY > 2)
                    {
                        low = TLanes.Add(low, nextLow);
                        high = TLanes.Add(high, nextHigh);
                        (farLow, farHigh) = AlongX(source + (2 * pointsX * length), pointsX, length);
                        if (pointsY == 4)
                        {
                            low = TLanes.Add(low, farLow);
                            high = TLanes.Add(high, farHigh);
                            (TVector lastLow, TVector lastHigh) = AlongX(source + (3 * pointsX * length), pointsX, length);
                            farLow = TLanes.Subtract(TLanes.Subtract(nextLow, farLow), lastLow);
                            farHigh = TLanes.Subtract(TLanes.Subtract(nextHigh, farHigh), lastHigh);
                        }
                        else
                        {
                            farLow = TLanes.Add(nextLow, farLow);
                            farHigh = TLanes.Add(nextHigh, farHigh);
                        }
                    }

                    TLanes.Store(farLow, target + strideY);
                    TLanes.Store(farHigh, target + strideY + strideX);
                    check = TLanes.FusedMultiplyAdd(farLow, TLanes.Zero, check);
                    check = TLanes.FusedMultiplyAdd(farHigh, TLanes.Zero, check);
                }

                TLanes.Store(low, target);
                TLanes.Store(high, target + strideX);
                check = TLanes.FusedMultiplyAdd(low, TLanes.Zero, check);
                check = TLanes.FusedMultiplyAdd(high, TLanes.Zero, check);
            }
        }

        return IsZero(check);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TVector Low, TVector High) AlongX(float* source, int points, nint length)
    {
        TVector first = TLanes.Load(source), second = TLanes.Load(source + length);
        if (points == 2)
            return (first, second);
        TVector third = TLanes.Load(source + (2 * length));
        if (points == 3)
            return (TLanes.Add(first, second), TLanes.Add(second, third));
        TVector fourth = TLanes.Load(source + (3 * length));
        return (TLanes.Add(TLanes.Add(first, second), third), TLanes.Subtract(TLanes.Subtract(second, third), fourth));
    }

    /// <summary>0 times a number is 0, and NaN where the number is not finite.</summary>
    private static bool IsZero(TVector check)
    {
        float* lanes = stackalloc float[TLanes.Count];
        TLanes.Store(check, lanes);
        bool zero = true;
        for (int lane = 0; lane < TLanes.Count; lane++)
            zero &= lanes[lane] == 0f;
        return zero;
    }
}
