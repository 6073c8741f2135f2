using System.Runtime.CompilerServices;
using Upweave.Kernels.Lanes;

namespace Upweave.Kernels.Activations;

/// <summary>With z = exp(-|x|): 1 / (1 + z) for x >= 0, z / (1 + z) below, so neither side cancels.</summary>
internal readonly struct Sigmoid : IActivationFunction
{
    public static bool MakesNoNegativeZero => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Apply(float x)
    {
        float z = DecayingExp.Apply(MathF.Abs(x));
        return (x < 0f ? z : 1f) / (1f + z);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TLanes>(TVector x)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        TVector one = TLanes.Create(1f);
        TVector z = DecayingExp.Apply<TVector, TLanes>(TLanes.Abs(x));
        return TLanes.Divide(TLanes.SelectLess(x, TLanes.Zero, z, one), TLanes.Add(one, z));
    }
}
