using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Upweave.Kernels.Lanes;

internal readonly partial struct Lanes512
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Subtract(Vector512<float> left, Vector512<float> right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Multiply(Vector512<float> left, Vector512<float> right) => left * right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Divide(Vector512<float> left, Vector512<float> right) => left / right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Negate(Vector512<float> vector) => -vector;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Abs(Vector512<float> vector) => Vector512.Abs(vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> SelectLess(
        Vector512<float> left, Vector512<float> right, Vector512<float> yes, Vector512<float> no) =>
        Vector512.ConditionalSelect(Vector512.LessThan(left, right), yes, no);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> SelectGreater(
        Vector512<float> left, Vector512<float> right, Vector512<float> yes, Vector512<float> no) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(left, right), yes, no);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> SelectEqual(
        Vector512<float> left, Vector512<float> right, Vector512<float> yes, Vector512<float> no) =>
        Vector512.ConditionalSelect(Vector512.Equals(left, right), yes, no);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> CreateBits(int bits) => Vector512.Create(bits).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> AddBits(Vector512<float> left, Vector512<float> right) =>
        (left.AsInt32() + right.AsInt32()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> SubtractBits(Vector512<float> left, Vector512<float> right) =>
        (left.AsInt32() - right.AsInt32()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ShiftBitsLeft(Vector512<float> vector, int count) => (vector.AsInt32() << count).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ShiftBitsRight(Vector512<float> vector, int count) => (vector.AsInt32() >> count).AsSingle();
}
