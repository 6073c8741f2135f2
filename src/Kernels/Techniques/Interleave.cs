using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Upweave.Kernels.Techniques;

/// <summary>Merges rows: output j takes element j / n of row j mod n, for n rows.</summary>
internal static unsafe class Interleave
{
    /// <param name="rows">Rows <paramref name="rowStride"/> apart, at least 2.</param>
    /// <param name="length">
    /// Elements of the output; exactly these are written, and no element behind them is read.
    /// </param>
    public static void Rows(float* rows, nint rowStride, int count, float* output, int length)
    {
        int done = count switch
        {
            2 => Two(rows, rows + rowStride, output, length),
            4 => Four(rows, rowStride, output, length),
            _ => 0,
        };
        for (int row = 0; row < count; row++)
        {
            int left = (length - done - row + count - 1) / count;
            Strided(rows + (row * rowStride) + (done / count), output + done + row, count, left);
        }
    }

    private static void Strided(float* row, float* output, nint stride, int elements)
    {
        for (; elements > 0; elements--, output += stride)
            *output = *row++;
    }

    /// <summary>Eight elements of both rows make two vectors of output; returns the outputs written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Two(float* even, float* odd, float* output, int length)
    {
        int done = 0;
        for (; length - done >= 16; done += 16, even += 8, odd += 8)
        {
            (Vector256<float> low, Vector256<float> high) = Zip(Vector256.Load(even), Vector256.Load(odd));
            low.Store(output + done);
            high.Store(output + done + 8);
        }

        return done;
    }

    /// <summary>Rows 0 and 2 are zipped, rows 1 and 3, then the two results; returns the outputs written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Four(float* rows, nint rowStride, float* output, int length)
    {
        int done = 0;
        for (; length - done >= 32; done += 32, rows += 8)
        {
            float* odd = rows + rowStride;
            (Vector256<float> evenLow, Vector256<float> evenHigh) =
                Zip(Vector256.Load(rows), Vector256.Load(rows + (2 * rowStride)));
            (Vector256<float> oddLow, Vector256<float> oddHigh) =
                Zip(Vector256.Load(odd), Vector256.Load(odd + (2 * rowStride)));
            (Vector256<float> first, Vector256<float> second) = Zip(evenLow, oddLow);
            (Vector256<float> third, Vector256<float> fourth) = Zip(evenHigh, oddHigh);
            first.Store(output + done);
            second.Store(output + done + 8);
            third.Store(output + done + 16);
            fourth.Store(output + done + 24);
        }

        return done;
    }

    /// <summary>
    /// a0 b0 a1 b1 and so on. Widening to 64 bits and shifting is portable and needs no table of positions; on
    /// little-endian machines, the only ones that .NET's vectors run on, the low half comes first.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float> Low, Vector256<float> High) Zip(Vector256<float> a, Vector256<float> b)
    {
        (Vector256<ulong> aLow, Vector256<ulong> aHigh) = Vector256.Widen(a.AsUInt32());
        (Vector256<ulong> bLow, Vector256<ulong> bHigh) = Vector256.Widen(b.AsUInt32());
        return ((aLow | (bLow << 32)).AsSingle(), (aHigh | (bHigh << 32)).AsSingle());
    }
}
