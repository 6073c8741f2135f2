using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Upweave.Kernels.Lanes;

internal readonly partial struct Lanes128
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Subtract(Vector128<float> left, Vector128<float> right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Multiply(Vector128<float> left, Vector128<float> right) => left * right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Divide(Vector128<float> left, Vector128<float> right) => left / right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Negate(Vector128<float> vector) => -vector;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Abs(Vector128<float> vector) => Vector128.Abs(vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SelectLess(
        Vector128<float> left, Vector128<float> right, Vector128<float> yes, Vector128<float> no) =>
        Vector128.ConditionalSelect(Vector128.LessThan(left, right), yes, no);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SelectGreater(
        Vector128<float> left, Vector128<float> right, Vector128<float> yes, Vector128<float> no) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(left, right), yes, no);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SelectEqual(
        Vector128<float> left, Vector128<float> right, Vector128<float> yes, Vector128<float> no) =>
        Vector128.ConditionalSelect(Vector128.Equals(left, right), yes, no);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> CreateBits(int bits) => Vector128.Create(bits).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> AddBits(Vector128<float> left, Vector128<float> right) =>
        (left.AsInt32() + right.AsInt32()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SubtractBits(Vector128<float> left, Vector128<float> right) =>
        (left.AsInt32() - right.AsInt32()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ShiftBitsLeft(Vector128<float> vector, int count) => (vector.AsInt32() << count).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ShiftBitsRight(Vector128<float> vector, int count) => (vector.AsInt32() >> count).AsSingle();
}
