using System.Runtime.CompilerServices;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// Four taps: one block of the sum. The weights of all rows stay in registers along the row, and every load of a source serves all rows.
/// </summary>
internal static unsafe partial class DepthwiseTiles<TVector, TLanes, TFunction>
{
    /// <summary>One row.</summary>
    /// <param name="place">The first output.</param>
    /// <param name="step">From one vector's first output to the next one's: whole periods of the weights.</param>
    /// <param name="count">Vectors per row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OneRow(in DepthwiseTile tile, TFunction function, float* weights, nint place, nint step, int count)
    {
        nint pitch = tile.Pitch;
        TVector w00 = TLanes.Load(weights), w01 = TLanes.Load(weights + pitch);
        TVector w02 = TLanes.Load(weights + (2 * pitch)), w03 = TLanes.Load(weights + (3 * pitch));
        TVector bias = TLanes.Create(tile.Bias);
        float* from0 = tile.Sources[0] + place, from1 = tile.Sources[1] + place;
        float* from2 = tile.Sources[2] + place, from3 = tile.Sources[3] + place;
        float* output = tile.Output + place;
        bool isStreamed = tile.IsStreamed;
        for (nint at = 0, end = count * step; at < end; at += step)
        {
            TVector x0 = TLanes.Load(from0 + at);
            TVector x1 = TLanes.Load(from1 + at);
            TVector x2 = TLanes.Load(from2 + at);
            TVector x3 = TLanes.Load(from3 + at);
            TVector sum0 = TLanes.FusedMultiplyAdd(x0, w00, TLanes.Zero);
            sum0 = TLanes.FusedMultiplyAdd(x1, w01, sum0);
            sum0 = TLanes.FusedMultiplyAdd(x2, w02, sum0);
            sum0 = TLanes.FusedMultiplyAdd(x3, w03, sum0);
            Store(isStreamed, Finish(function, sum0, bias), output + at);
        }
    }

    /// <summary>Two rows.</summary>
    /// <param name="place">The first output.</param>
    /// <param name="step">From one vector's first output to the next one's: whole periods of the weights.</param>
    /// <param name="count">Vectors per row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TwoRows(in DepthwiseTile tile, TFunction function, float* weights, nint place, nint step, int count)
    {
        nint pitch = tile.Pitch;
        nint row = tile.WeightsRow;
        TVector w00 = TLanes.Load(weights), w01 = TLanes.Load(weights + pitch);
        TVector w02 = TLanes.Load(weights + (2 * pitch)), w03 = TLanes.Load(weights + (3 * pitch));
        TVector w10 = TLanes.Load(weights + row), w11 = TLanes.Load(weights + row + pitch);
        TVector w12 = TLanes.Load(weights + row + (2 * pitch)), w13 = TLanes.Load(weights + row + (3 * pitch));
        TVector bias = TLanes.Create(tile.Bias);
        float* from0 = tile.Sources[0] + place, from1 = tile.Sources[1] + place;
        float* from2 = tile.Sources[2] + place, from3 = tile.Sources[3] + place;
        float* output = tile.Output + place;
        nint nextRow = tile.OutputRow;
        bool isStreamed = tile.IsStreamed;
        for (nint at = 0, end = count * step; at < end; at += step)
        {
            TVector x0 = TLanes.Load(from0 + at);
            TVector x1 = TLanes.Load(from1 + at);
            TVector x2 = TLanes.Load(from2 + at);
            TVector x3 = TLanes.Load(from3 + at);
            TVector sum0 = TLanes.FusedMultiplyAdd(x0, w00, TLanes.Zero);
            TVector sum1 = TLanes.FusedMultiplyAdd(x0, w10, TLanes.Zero);
            sum0 = TLanes.FusedMultiplyAdd(x1, w01, sum0);
            sum1 = TLanes.FusedMultiplyAdd(x1, w11, sum1);
            sum0 = TLanes.FusedMultiplyAdd(x2, w02, sum0);
            sum1 = TLanes.FusedMultiplyAdd(x2, w12, sum1);
            sum0 = TLanes.FusedMultiplyAdd(x3, w03, sum0);
            sum1 = TLanes.FusedMultiplyAdd(x3, w13, sum1);
            Store(isStreamed, Finish(function, sum0, bias), output + at);
            Store(isStreamed, Finish(function, sum1, bias), output + at + nextRow);
        }
    }

    /// <summary>Four rows: for vectors of which there are 32.</summary>
    /// <param name="place">The first output.</param>
    /// <param name="step">From one vector's first output to the next one's: whole periods of the weights.</param>
    /// <param name="count">Vectors per row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FourRows(in DepthwiseTile tile, TFunction function, float* weights, nint place, nint step, int count)
    {
        nint pitch = tile.Pitch;
        nint row = tile.WeightsRow;
        TVector w00 = TLanes.Load(weights), w01 = TLanes.Load(weights + pitch);
        TVector w02 = TLanes.Load(weights + (2 * pitch)), w03 = TLanes.Load(weights + (3 * pitch));
        TVector w10 = TLanes.Load(weights + row), w11 = TLanes.Load(weights + row + pitch);
        TVector w12 = TLanes.Load(weights + row + (2 * pitch)), w13 = TLanes.Load(weights + row + (3 * pitch));
        TVector w20 = TLanes.Load(weights + (2 * row)), w21 = TLanes.Load(weights + (2 * row) + pitch);
        TVector w22 = TLanes.Load(weights + (2 * row) + (2 * pitch)), w23 = TLanes.Load(weights + (2 * row) + (3 * pitch));
        TVector w30 = TLanes.Load(weights + (3 * row)), w31 = TLanes.Load(weights + (3 * row) + pitch);
        TVector w32 = TLanes.Load(weights + (3 * row) + (2 * pitch)), w33 = TLanes.Load(weights + (3 * row) + (3 * pitch));
        TVector bias = TLanes.Create(tile.Bias);
        float* from0 = tile.Sources[0] + place, from1 = tile.Sources[1] + place;
        float* from2 = tile.Sources[2] + place, from3 = tile.Sources[3] + place;
        float* output = tile.Output + place;
        nint nextRow = tile.OutputRow;
        bool isStreamed = tile.IsStreamed;
        for (nint at = 0, end = count * step; at < end; at += step)
        {
            TVector x0 = TLanes.Load(from0 + at);
            TVector x1 = TLanes.Load(from1 + at);
            TVector x2 = TLanes.Load(from2 + at);
            TVector x3 = TLanes.Load(from3 + at);
            TVector sum0 = TLanes.FusedMultiplyAdd(x0, w00, TLanes.Zero);
            TVector sum1 = TLanes.FusedMultiplyAdd(x0, w10, TLanes.Zero);
            TVector sum2 = TLanes.FusedMultiplyAdd(x0, w20, TLanes.Zero);
            TVector sum3 = TLanes.FusedMultiplyAdd(x0, w30, TLanes.Zero);
            sum0 = TLanes.FusedMultiplyAdd(x1, w01, sum0);
            sum1 = TLanes.FusedMultiplyAdd(x1, w11, sum1);
            sum2 = TLanes.FusedMultiplyAdd(x1, w21, sum2);
            sum3 = TLanes.FusedMultiplyAdd(x1, w31, sum3);
            sum0 = TLanes.FusedMultiplyAdd(x2, w02, sum0);
            sum1 = TLanes.FusedMultiplyAdd(x2, w12, sum1);
            sum2 = TLanes.FusedMultiplyAdd(x2, w22, sum2);
            sum3 = TLanes.FusedMultiplyAdd(x2, w32, sum3);
            sum0 = TLanes.FusedMultiplyAdd(x3, w03, sum0);
            sum1 = TLanes.FusedMultiplyAdd(x3, w13, sum1);
            sum2 = TLanes.FusedMultiplyAdd(x3, w23, sum2);
            sum3 = TLanes.FusedMultiplyAdd(x3, w33, sum3);
            Store(isStreamed, Finish(function, sum0, bias), output + at);
            Store(isStreamed, Finish(function, sum1, bias), output + at + nextRow);
            Store(isStreamed, Finish(function, sum2, bias), output + at + (2 * nextRow));
            Store(isStreamed, Finish(function, sum3, bias), output + at + (3 * nextRow));
        }
    }
}
