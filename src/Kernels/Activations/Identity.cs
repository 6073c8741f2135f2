using System.Runtime.CompilerServices;
using Upweave.Kernels.Lanes;

namespace Upweave.Kernels.Activations;

internal readonly struct Identity : IActivationFunction
{
    public static bool MakesNoNegativeZero => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Apply(float x) => x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TLanes>(TVector x)
        where TVector : struct
        where TLanes : struct, ILanes<TVector> => x;
}
