using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Upweave.Kernels.Lanes;

/// <summary>
/// Shuffles with constant positions, and selections with constant masks. Three rows need one shuffle each: three and
/// the number of lanes have no common divisor, so element e of row r can go to lane (3e + r) mod 16 for all parts.
/// </summary>
internal readonly unsafe partial struct Lanes512
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> InterleaveLow(Vector512<float> a, Vector512<float> b) => Avx512F.IsSupported
        ? Avx512F.PermuteVar16x32x2(a, Vector512.Create(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23), b)
        : Alternate(a, b, Vector512.Create(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> InterleaveHigh(Vector512<float> a, Vector512<float> b) => Avx512F.IsSupported
        ? Avx512F.PermuteVar16x32x2(a, Vector512.Create(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31), b)
        : Alternate(a, b, Vector512.Create(8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 14, 15, 15));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> InterleaveThree(Vector512<float> a, Vector512<float> b, Vector512<float> c, int part)
    {
        a = Vector512.Shuffle(a, Vector512.Create(0, 11, 6, 1, 12, 7, 2, 13, 8, 3, 14, 9, 4, 15, 10, 5));
        b = Vector512.Shuffle(b, Vector512.Create(5, 0, 11, 6, 1, 12, 7, 2, 13, 8, 3, 14, 9, 4, 15, 10));
        c = Vector512.Shuffle(c, Vector512.Create(10, 5, 0, 11, 6, 1, 12, 7, 2, 13, 8, 3, 14, 9, 4, 15));
        return part switch
        {
            0 => EveryThird(a, b, c),
            1 => EveryThird(b, c, a),
            _ => EveryThird(c, a, b),
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> InterleaveFour(
        Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, int element) => element switch
    {
        0 => ZipLow(ZipLow(a, c), ZipLow(b, d)),
        1 => ZipHigh(ZipLow(a, c), ZipLow(b, d)),
        2 => ZipLow(ZipHigh(a, c), ZipHigh(b, d)),
        _ => ZipHigh(ZipHigh(a, c), ZipHigh(b, d)),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFours(Vector512<float> vector, float* target, nint step)
    {
        Lanes256.StoreFours(vector.GetLower(), target, step);
        Lanes256.StoreFours(vector.GetUpper(), target + (2 * step), step);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Evens(Vector512<float> a, Vector512<float> b) => Avx512F.IsSupported
        ? Avx512F.PermuteVar16x32x2(a, Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30), b)
        : Vector512.Create(Lanes256.Evens(a.GetLower(), a.GetUpper()), Lanes256.Evens(b.GetLower(), b.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Odds(Vector512<float> a, Vector512<float> b) => Avx512F.IsSupported
        ? Avx512F.PermuteVar16x32x2(a, Vector512.Create(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31), b)
        : Vector512.Create(Lanes256.Odds(a.GetLower(), a.GetUpper()), Lanes256.Odds(b.GetLower(), b.GetUpper()));

    /// <summary>a0 b0 a1 b1 within each four lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> ZipLow(Vector512<float> a, Vector512<float> b) =>
        Alternate(a, b, Vector512.Create(0, 0, 1, 1, 4, 4, 5, 5, 8, 8, 9, 9, 12, 12, 13, 13));

    /// <summary>a2 b2 a3 b3 within each four lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> ZipHigh(Vector512<float> a, Vector512<float> b) =>
        Alternate(a, b, Vector512.Create(2, 2, 3, 3, 6, 6, 7, 7, 10, 10, 11, 11, 14, 14, 15, 15));

    /// <summary>Lanes of one vector and of another in turn, each from the same places of its own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Alternate(Vector512<float> a, Vector512<float> b, Vector512<int> places) => Vector512.ConditionalSelect(
        Vector512.Create(-1, 0, -1, 0, -1, 0, -1, 0, -1, 0, -1, 0, -1, 0, -1, 0).AsSingle(),
        Vector512.Shuffle(a, places),
        Vector512.Shuffle(b, places));

    /// <summary>Lane p of the vector p mod 3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> EveryThird(Vector512<float> first, Vector512<float> second, Vector512<float> third) =>
        Vector512.ConditionalSelect(
            Vector512.Create(-1, 0, 0, -1, 0, 0, -1, 0, 0, -1, 0, 0, -1, 0, 0, -1).AsSingle(),
            first,
            Vector512.ConditionalSelect(Vector512.Create(0, -1, 0, 0, -1, 0, 0, -1, 0, 0, -1, 0, 0, -1, 0, 0).AsSingle(), second, third));
}
