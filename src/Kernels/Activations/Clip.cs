using System.Runtime.CompilerServices;
using Upweave.Kernels.Lanes;

namespace Upweave.Kernels.Activations;

/// <summary>
/// A comparison with NaN is false, so NaN passes through; a minimum instruction would answer differently by machine.
/// </summary>
internal readonly struct Clip(float minimum, float maximum) : IActivationFunction
{
    public static bool MakesNoNegativeZero => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Apply(float x)
    {
        float raised = x < minimum ? minimum : x;
        return raised > maximum ? maximum : raised;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TLanes>(TVector x)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        TVector low = TLanes.Create(minimum);
        TVector high = TLanes.Create(maximum);
        TVector raised = TLanes.SelectLess(x, low, low, x);
        return TLanes.SelectGreater(raised, high, high, raised);
    }
}
