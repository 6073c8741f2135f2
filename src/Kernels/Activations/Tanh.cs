using System.Runtime.CompilerServices;
using Upweave.Kernels.Lanes;

namespace Upweave.Kernels.Activations;

/// <summary>
/// Below 0.625 in magnitude the fifth convergent of Lambert's continued fraction, x*(945 + 105u + u^2) / (945 + 420u
/// + 15u^2) with u = x*x, written as x minus a small correction; above it 1 - 2z / (1 + z) with z = exp(-2|x|).
/// </summary>
internal readonly struct Tanh : IActivationFunction
{
    private const float Small = 0.625f;

    public static bool MakesNoNegativeZero => false;

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
    public TVector Apply<TVector, TLanes>(TVector x)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        TVector one = TLanes.Create(1f);
        TVector a = TLanes.Abs(x);
        TVector u = TLanes.Multiply(x, x);
        TVector numerator = TLanes.Multiply(u, TLanes.FusedMultiplyAdd(TLanes.Create(14f), u, TLanes.Create(315f)));
        TVector denominator = TLanes.FusedMultiplyAdd(
            TLanes.FusedMultiplyAdd(TLanes.Create(15f), u, TLanes.Create(420f)), u, TLanes.Create(945f));
        TVector near = TLanes.FusedMultiplyAdd(TLanes.Negate(x), TLanes.Divide(numerator, denominator), x);
        TVector z = DecayingExp.Apply<TVector, TLanes>(TLanes.Add(a, a));
        TVector far = TLanes.Subtract(one, TLanes.Divide(TLanes.Add(z, z), TLanes.Add(one, z)));
        TVector signed = TLanes.SelectLess(x, TLanes.Zero, TLanes.Negate(far), far);
        return TLanes.SelectLess(a, TLanes.Create(Small), near, signed);
    }
}
