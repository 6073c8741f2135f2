using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Upweave.Kernels.Activations;

/// <summary>
/// The last step before a store: every NaN becomes 0x7FC00000 and -0 becomes +0, since machines differ in both.
/// </summary>
internal static class Canonical
{
    /// <summary>Not <see cref="float.NaN"/>, whose sign bit is set.</summary>
    private const int NotANumber = 0x7FC00000;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Of(float x) => float.IsNaN(x) ? BitConverter.Int32BitsToSingle(NotANumber) : x == 0f ? 0f : x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Of(Vector256<float> x)
    {
        Vector256<float> zero = Vector256<float>.Zero;
        Vector256<float> unsigned = Vector256.ConditionalSelect(Vector256.Equals(x, zero), zero, x);
        return Vector256.ConditionalSelect(Vector256.Equals(x, x), unsigned, Vector256.Create(NotANumber).AsSingle());
    }
}
