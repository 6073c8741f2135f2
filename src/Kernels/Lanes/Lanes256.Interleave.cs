using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Upweave.Kernels.Lanes;

/// <summary>
/// Shuffles with constant positions, and selections with constant masks. Three rows need one shuffle each: three and
/// the number of lanes have no common divisor, so element e of row r can go to lane (3e + r) mod 8 for all parts.
/// The instructions named for x86 take half the time of the portable form, which is what other processors run.
/// </summary>
internal readonly unsafe partial struct Lanes256
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> InterleaveLow(Vector256<float> a, Vector256<float> b) => Avx.IsSupported
        ? Avx.Permute2x128(Avx.UnpackLow(a, b), Avx.UnpackHigh(a, b), 0x20)
        : Alternate(a, b, Vector256.Create(0, 0, 1, 1, 2, 2, 3, 3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> InterleaveHigh(Vector256<float> a, Vector256<float> b) => Avx.IsSupported
        ? Avx.Permute2x128(Avx.UnpackLow(a, b), Avx.UnpackHigh(a, b), 0x31)
        : Alternate(a, b, Vector256.Create(4, 4, 5, 5, 6, 6, 7, 7));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> InterleaveThree(Vector256<float> a, Vector256<float> b, Vector256<float> c, int part)
    {
        a = Vector256.Shuffle(a, Vector256.Create(0, 3, 6, 1, 4, 7, 2, 5));
        b = Vector256.Shuffle(b, Vector256.Create(5, 0, 3, 6, 1, 4, 7, 2));
        c = Vector256.Shuffle(c, Vector256.Create(2, 5, 0, 3, 6, 1, 4, 7));
        return part switch
        {
            0 => EveryThird(a, b, c),
            1 => EveryThird(c, a, b),
            _ => EveryThird(b, c, a),
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> InterleaveFour(
        Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d, int element) => element switch
    {
        0 => ZipLow(ZipLow(a, c), ZipLow(b, d)),
        1 => ZipHigh(ZipLow(a, c), ZipLow(b, d)),
        2 => ZipLow(ZipHigh(a, c), ZipHigh(b, d)),
        _ => ZipHigh(ZipHigh(a, c), ZipHigh(b, d)),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFours(Vector256<float> vector, float* target, nint step)
    {
        vector.GetLower().Store(target);
        vector.GetUpper().Store(target + step);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Evens(Vector256<float> a, Vector256<float> b) => Avx2.IsSupported
        ? Avx2.Permute4x64(Avx.Shuffle(a, b, 0x88).AsDouble(), 0xD8).AsSingle()
        : Vector256.Create(Lanes128.Evens(a.GetLower(), a.GetUpper()), Lanes128.Evens(b.GetLower(), b.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Odds(Vector256<float> a, Vector256<float> b) => Avx2.IsSupported
        ? Avx2.Permute4x64(Avx.Shuffle(a, b, 0xDD).AsDouble(), 0xD8).AsSingle()
        : Vector256.Create(Lanes128.Odds(a.GetLower(), a.GetUpper()), Lanes128.Odds(b.GetLower(), b.GetUpper()));

    /// <summary>a0 b0 a1 b1 within each four lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> ZipLow(Vector256<float> a, Vector256<float> b) => Avx.IsSupported
        ? Avx.UnpackLow(a, b)
        : Alternate(a, b, Vector256.Create(0, 0, 1, 1, 4, 4, 5, 5));

    /// <summary>a2 b2 a3 b3 within each four lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> ZipHigh(Vector256<float> a, Vector256<float> b) => Avx.IsSupported
        ? Avx.UnpackHigh(a, b)
        : Alternate(a, b, Vector256.Create(2, 2, 3, 3, 6, 6, 7, 7));

    /// <summary>Lanes of one vector and of another in turn, each from the same places of its own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Alternate(Vector256<float> a, Vector256<float> b, Vector256<int> places) => Vector256.ConditionalSelect(
        Vector256.Create(-1, 0, -1, 0, -1, 0, -1, 0).AsSingle(),
        Vector256.Shuffle(a, places),
        Vector256.Shuffle(b, places));

    /// <summary>Lane p of the vector p mod 3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> EveryThird(Vector256<float> first, Vector256<float> second, Vector256<float> third) => Avx.IsSupported
        ? Avx.Blend(Avx.Blend(first, second, 0x92), third, 0x24)
        : Vector256.ConditionalSelect(
            Vector256.Create(-1, 0, 0, -1, 0, 0, -1, 0).AsSingle(),
            first,
            Vector256.ConditionalSelect(Vector256.Create(0, -1, 0, 0, -1, 0, 0, -1).AsSingle(), second, third));
}
