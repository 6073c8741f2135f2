using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Upweave.Kernels.Techniques;

/// <summary>Turns rows into columns, eight by eight where the processor has the shuffles for it.</summary>
internal static unsafe class FiltersTranspose
{
    private const int Side = 8;

    /// <param name="source">[row][column], rows <paramref name="sourceStride"/> apart.</param>
    /// <param name="target">[column][row], columns <paramref name="targetStride"/> apart; nothing else is touched.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* source, nint sourceStride, int rows, int columns, float* target, nint targetStride)
    {
        int row = 0;
        for (; Avx.IsSupported && rows - row >= Side; row += Side, source += Side * sourceStride, target += Side)
        {
            int column = 0;
            for (; columns - column >= Side; column += Side)
                Square(source + column, sourceStride, target + (column * targetStride), targetStride);
            Plain(source + column, sourceStride, Side, columns - column, target + (column * targetStride), targetStride);
        }

        Plain(source, sourceStride, rows - row, columns, target, targetStride);
    }

    private static void Plain(float* source, nint sourceStride, int rows, int columns, float* target, nint targetStride)
    {
        for (int row = 0; row < rows; row++, source += sourceStride, target++)
        {
            float* to = target;
            for (int column = 0; column < columns; column++, to += targetStride)
                *to = source[column];
        }
    }

    /// <summary>Pairs of rows, then of pairs, then of halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square(float* source, nint sourceStride, float* target, nint targetStride)
    {
        float* below = source + (4 * sourceStride);
        Half(source, below, sourceStride, target, targetStride, 0);
        Half(source, below, sourceStride, target, targetStride, 4);
    }

    /// <summary>Four columns of eight rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Half(float* above, float* below, nint sourceStride, float* target, nint targetStride, int column)
    {
        above += column;
        below += column;
        Vector256<float> a = Vector256.Create(Vector128.Load(above), Vector128.Load(below));
        Vector256<float> b = Vector256.Create(Vector128.Load(above + sourceStride), Vector128.Load(below + sourceStride));
        above += 2 * sourceStride;
        below += 2 * sourceStride;
        Vector256<float> c = Vector256.Create(Vector128.Load(above), Vector128.Load(below));
        Vector256<float> d = Vector256.Create(Vector128.Load(above + sourceStride), Vector128.Load(below + sourceStride));
        Vector256<float> abLow = Avx.UnpackLow(a, b), abHigh = Avx.UnpackHigh(a, b);
        Vector256<float> cdLow = Avx.UnpackLow(c, d), cdHigh = Avx.UnpackHigh(c, d);
        target += column * targetStride;
        Avx.Shuffle(abLow, cdLow, 0x44).Store(target);
        Avx.Shuffle(abLow, cdLow, 0xEE).Store(target + targetStride);
        target += 2 * targetStride;
        Avx.Shuffle(abHigh, cdHigh, 0x44).Store(target);
        Avx.Shuffle(abHigh, cdHigh, 0xEE).Store(target + targetStride);
    }
}
