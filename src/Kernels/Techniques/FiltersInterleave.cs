using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Upweave.Kernels.Activations;
using Upweave.Kernels.Lanes;

namespace Upweave.Kernels.Techniques;

/// <summary>Merges short rows of finished outputs.</summary>
internal static unsafe class FiltersInterleave
{
    private const int Side = 4;

    /// <param name="rows">Rows <paramref name="rowStride"/> apart; output j takes element j / count of row j mod count.</param>
    /// <param name="length">Exactly these outputs are written.</param>
    public static void Rows(float* rows, nint rowStride, int count, float* output, int length)
    {
        if (count == 2 && Sse.IsSupported)
            Two(rows, rows + rowStride, output, length);
        else
            RowWriter<Vector256<float>, Lanes256, Identity>.Write(default, 0f, rows, rowStride, count, output, length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two(float* even, float* odd, float* output, int length)
    {
        for (; length >= 2 * Side; length -= 2 * Side, even += Side, odd += Side, output += 2 * Side)
        {
            (Vector128<float> a, Vector128<float> b) = (Vector128.Load(even), Vector128.Load(odd));
            Sse.Store(output, Sse.UnpackLow(a, b));
            Sse.Store(output + Side, Sse.UnpackHigh(a, b));
        }

        for (; length >= 2; length -= 2, output += 2)
        {
            output[0] = *even++;
            output[1] = *odd++;
        }

        if (length > 0)
            *output = *even;
    }
}
