using System.Runtime.CompilerServices;
using Upweave.Kernels.Lanes;

namespace Upweave.Kernels.Activations;

/// <summary>Also one channel of PRelu, whose slope takes alpha's place.</summary>
internal readonly struct LeakyRelu(float alpha) : IActivationFunction
{
    public static bool MakesNoNegativeZero => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Apply(float x) => x < 0f ? alpha * x : x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TLanes>(TVector x)
        where TVector : struct
        where TLanes : struct, ILanes<TVector> =>
        TLanes.SelectLess(x, TLanes.Zero, TLanes.Multiply(TLanes.Create(alpha), x), x);
}
