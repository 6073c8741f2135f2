using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Upweave.Kernels.Activations;

/// <summary>With z = exp(-|x|): 1 / (1 + z) for x >= 0, z / (1 + z) below, so neither side cancels.</summary>
internal readonly struct Sigmoid : IActivationFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Apply(float x)
    {
        float z = DecayingExp.Apply(MathF.Abs(x));
        return (x < 0f ? z : 1f) / (1f + z);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Apply(Vector256<float> x)
    {
        Vector256<float> one = Vector256.Create(1f);
        Vector256<float> z = DecayingExp.Apply(Vector256.Abs(x));
        Vector256<float> numerator = Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256<float>.Zero), z, one);
        return numerator / (one + z);
    }
}
