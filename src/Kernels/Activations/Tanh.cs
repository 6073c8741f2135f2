using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Upweave.Kernels.Activations;

/// <summary>
/// Below 0.625 in magnitude the fifth convergent of Lambert's continued fraction, x*(945 + 105u + u^2) / (945 + 420u
/// + 15u^2) with u = x*x, written as x minus a small correction; above it 1 - 2z / (1 + z) with z = exp(-2|x|).
/// </summary>
internal readonly struct Tanh : IActivationFunction
{
    private const float Small = 0.625f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Apply(float x)
    {
        float a = MathF.Abs(x);
        float u = x * x;
        float numerator = u * MathF.FusedMultiplyAdd(14f, u, 315f);
        float denominator = MathF.FusedMultiplyAdd(MathF.FusedMultiplyAdd(15f, u, 420f), u, 945f);
        float near = MathF.FusedMultiplyAdd(-x, numerator / denominator, x);
        float z = DecayingExp.Apply(a + a);
        float far = 1f - ((z + z) / (1f + z));
        return a < Small ? near : (x < 0f ? -far : far);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Apply(Vector256<float> x)
    {
        Vector256<float> one = Vector256.Create(1f);
        Vector256<float> a = Vector256.Abs(x);
        Vector256<float> u = x * x;
        Vector256<float> numerator = u * Vector256.FusedMultiplyAdd(Vector256.Create(14f), u, Vector256.Create(315f));
        Vector256<float> denominator = Vector256.FusedMultiplyAdd(
            Vector256.FusedMultiplyAdd(Vector256.Create(15f), u, Vector256.Create(420f)), u, Vector256.Create(945f));
        Vector256<float> near = Vector256.FusedMultiplyAdd(-x, numerator / denominator, x);
        Vector256<float> z = DecayingExp.Apply(a + a);
        Vector256<float> far = one - ((z + z) / (one + z));
        Vector256<float> signed = Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256<float>.Zero), -far, far);
        return Vector256.ConditionalSelect(Vector256.LessThan(a, Vector256.Create(Small)), near, signed);
    }
}
