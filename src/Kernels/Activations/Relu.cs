using System.Runtime.CompilerServices;
using Upweave.Kernels.Lanes;

namespace Upweave.Kernels.Activations;

/// <summary>A comparison with NaN is false, so NaN passes through.</summary>
internal readonly struct Relu : IActivationFunction
{
    public static bool MakesNoNegativeZero => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Apply(float x) => x < 0f ? 0f : x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TLanes>(TVector x)
        where TVector : struct
        where TLanes : struct, ILanes<TVector> =>
        TLanes.SelectLess(x, TLanes.Zero, TLanes.Zero, x);
}
