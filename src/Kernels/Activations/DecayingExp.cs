using System.Runtime.CompilerServices;
using Upweave.Kernels.Lanes;

namespace Upweave.Kernels.Activations;

/// <summary>
/// exp(-a) for a >= 0, the building block of sigmoid and tanh, step by step as in docs/arithmetic.md: -a = n*ln2 + r,
/// a Taylor polynomial of degree 7 in r, and 2^n by integer operations in two halves so that subnormal results are
/// rounded once.
/// </summary>
internal static class DecayingExp
{
    /// <summary>exp(-104) rounds to 0.</summary>
    private const float Largest = 104f;
    private const float Log2E = 1.44269502f;

    /// <summary>1.5 * 2^23: adding it leaves the nearest integer in the low bits of the significand.</summary>
    private const float Rounder = 12582912f;
    private const int RounderBits = 0x4B400000;
    private const float Ln2High = 0.693147182f;
    private const float Ln2Low = -1.90465421e-9f;
    private const float C7 = 1f / 5040f;
    private const float C6 = 1f / 720f;
    private const float C5 = 1f / 120f;
    private const float C4 = 1f / 24f;
    private const float C3 = 1f / 6f;
    private const float C2 = 0.5f;
    private const int ExponentBias = 127;
    private const int SignificandBits = 23;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Apply(float a)
    {
        float x = -(a > Largest ? Largest : a);
        float shifted = MathF.FusedMultiplyAdd(x, Log2E, Rounder);
        float n = shifted - Rounder;
        float r = MathF.FusedMultiplyAdd(n, -Ln2High, x);
        r = MathF.FusedMultiplyAdd(n, -Ln2Low, r);
        float p = MathF.FusedMultiplyAdd(C7, r, C6);
        p = MathF.FusedMultiplyAdd(p, r, C5);
        p = MathF.FusedMultiplyAdd(p, r, C4);
        p = MathF.FusedMultiplyAdd(p, r, C3);
        p = MathF.FusedMultiplyAdd(p, r, C2);
        p = MathF.FusedMultiplyAdd(p, r, 1f);
        p = MathF.FusedMultiplyAdd(p, r, 1f);
        int exponent = BitConverter.SingleToInt32Bits(shifted) - RounderBits;
        int half = exponent >> 1;
        float first = BitConverter.Int32BitsToSingle((half + ExponentBias) << SignificandBits);
        float second = BitConverter.Int32BitsToSingle((exponent - half + ExponentBias) << SignificandBits);
        return p * first * second;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TVector, TLanes>(TVector a)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        TVector largest = TLanes.Create(Largest);
        TVector x = TLanes.Negate(TLanes.SelectGreater(a, largest, largest, a));
        TVector shifted = TLanes.FusedMultiplyAdd(x, TLanes.Create(Log2E), TLanes.Create(Rounder));
        TVector n = TLanes.Subtract(shifted, TLanes.Create(Rounder));
        TVector r = TLanes.FusedMultiplyAdd(n, TLanes.Create(-Ln2High), x);
        r = TLanes.FusedMultiplyAdd(n, TLanes.Create(-Ln2Low), r);
        TVector p = TLanes.FusedMultiplyAdd(TLanes.Create(C7), r, TLanes.Create(C6));
        p = TLanes.FusedMultiplyAdd(p, r, TLanes.Create(C5));
        p = TLanes.FusedMultiplyAdd(p, r, TLanes.Create(C4));
        p = TLanes.FusedMultiplyAdd(p, r, TLanes.Create(C3));
        p = TLanes.FusedMultiplyAdd(p, r, TLanes.Create(C2));
        p = TLanes.FusedMultiplyAdd(p, r, TLanes.Create(1f));
        p = TLanes.FusedMultiplyAdd(p, r, TLanes.Create(1f));
        TVector exponent = TLanes.SubtractBits(shifted, TLanes.CreateBits(RounderBits));
        TVector half = TLanes.ShiftBitsRight(exponent, 1);
        TVector bias = TLanes.CreateBits(ExponentBias);
        TVector first = TLanes.ShiftBitsLeft(TLanes.AddBits(half, bias), SignificandBits);
        TVector second = TLanes.ShiftBitsLeft(TLanes.AddBits(TLanes.SubtractBits(exponent, half), bias), SignificandBits);
        return TLanes.Multiply(TLanes.Multiply(p, first), second);
    }
}
