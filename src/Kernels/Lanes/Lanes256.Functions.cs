using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Upweave.Kernels.Lanes;

internal readonly partial struct Lanes256
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Subtract(Vector256<float> left, Vector256<float> right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Multiply(Vector256<float> left, Vector256<float> right) => left * right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Divide(Vector256<float> left, Vector256<float> right) => left / right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Negate(Vector256<float> vector) => -vector;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Abs(Vector256<float> vector) => Vector256.Abs(vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> SelectLess(
        Vector256<float> left, Vector256<float> right, Vector256<float> yes, Vector256<float> no) =>
        Vector256.ConditionalSelect(Vector256.LessThan(left, right), yes, no);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> SelectGreater(
        Vector256<float> left, Vector256<float> right, Vector256<float> yes, Vector256<float> no) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(left, right), yes, no);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> SelectEqual(
        Vector256<float> left, Vector256<float> right, Vector256<float> yes, Vector256<float> no) =>
        Vector256.ConditionalSelect(Vector256.Equals(left, right), yes, no);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> CreateBits(int bits) => Vector256.Create(bits).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> AddBits(Vector256<float> left, Vector256<float> right) =>
        (left.AsInt32() + right.AsInt32()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> SubtractBits(Vector256<float> left, Vector256<float> right) =>
        (left.AsInt32() - right.AsInt32()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ShiftBitsLeft(Vector256<float> vector, int count) => (vector.AsInt32() << count).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ShiftBitsRight(Vector256<float> vector, int count) => (vector.AsInt32() >> count).AsSingle();
}
