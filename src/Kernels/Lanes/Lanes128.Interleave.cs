using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Upweave.Kernels.Lanes;

/// <summary>
/// Shuffles with constant positions, and selections with constant masks. Three rows need one shuffle each: three and
/// the number of lanes have no common divisor, so element e of row r can go to lane (3e + r) mod 4 for all parts.
/// The instructions named for x86 take half the time of the portable form, which is what other processors run.
/// </summary>
internal readonly unsafe partial struct Lanes128
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> InterleaveLow(Vector128<float> a, Vector128<float> b) => ZipLow(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> InterleaveHigh(Vector128<float> a, Vector128<float> b) => ZipHigh(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> InterleaveThree(Vector128<float> a, Vector128<float> b, Vector128<float> c, int part)
    {
        a = Vector128.Shuffle(a, Vector128.Create(0, 3, 2, 1));
        b = Vector128.Shuffle(b, Vector128.Create(1, 0, 3, 2));
        c = Vector128.Shuffle(c, Vector128.Create(2, 1, 0, 3));
        return part switch
        {
            0 => EveryThird(a, b, c),
            1 => EveryThird(b, c, a),
            _ => EveryThird(c, a, b),
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> InterleaveFour(
        Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d, int element) => element switch
    {
        0 => ZipLow(ZipLow(a, c), ZipLow(b, d)),
        1 => ZipHigh(ZipLow(a, c), ZipLow(b, d)),
        2 => ZipLow(ZipHigh(a, c), ZipHigh(b, d)),
        _ => ZipHigh(ZipHigh(a, c), ZipHigh(b, d)),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFours(Vector128<float> vector, float* target, nint step)
    {
        vector.Store(target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Evens(Vector128<float> a, Vector128<float> b) => Sse.IsSupported
        ? Sse.Shuffle(a, b, 0x88)
        : Vector128.Create(
            Vector128.Shuffle(a, Vector128.Create(0, 2, 0, 2)).GetLower(), Vector128.Shuffle(b, Vector128.Create(0, 2, 0, 2)).GetLower());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Odds(Vector128<float> a, Vector128<float> b) => Sse.IsSupported
        ? Sse.Shuffle(a, b, 0xDD)
        : Vector128.Create(
            Vector128.Shuffle(a, Vector128.Create(1, 3, 1, 3)).GetLower(), Vector128.Shuffle(b, Vector128.Create(1, 3, 1, 3)).GetLower());

    /// <summary>a0 b0 a1 b1 within each four lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipLow(Vector128<float> a, Vector128<float> b) => Sse.IsSupported
        ? Sse.UnpackLow(a, b)
        : Alternate(a, b, Vector128.Create(0, 0, 1, 1));

    /// <summary>a2 b2 a3 b3 within each four lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipHigh(Vector128<float> a, Vector128<float> b) => Sse.IsSupported
        ? Sse.UnpackHigh(a, b)
        : Alternate(a, b, Vector128.Create(2, 2, 3, 3));

    /// <summary>Lanes of one vector and of another in turn, each from the same places of its own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Alternate(Vector128<float> a, Vector128<float> b, Vector128<int> places) => Vector128.ConditionalSelect(
        Vector128.Create(-1, 0, -1, 0).AsSingle(),
        Vector128.Shuffle(a, places),
        Vector128.Shuffle(b, places));

    /// <summary>Lane p of the vector p mod 3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> EveryThird(Vector128<float> first, Vector128<float> second, Vector128<float> third) => Sse41.IsSupported
        ? Sse41.Blend(Sse41.Blend(first, second, 0x2), third, 0x4)
        : Vector128.ConditionalSelect(
            Vector128.Create(-1, 0, 0, -1).AsSingle(),
            first,
            Vector128.ConditionalSelect(Vector128.Create(0, -1, 0, 0).AsSingle(), second, third));
}
