using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Upweave.Kernels.Activations;

/// <summary>
/// A comparison with NaN is false, so NaN passes through; a minimum instruction would answer differently by machine.
/// </summary>
internal readonly struct Clip(float minimum, float maximum) : IActivationFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Apply(float x)
    {
        float raised = x < minimum ? minimum : x;
        return raised > maximum ? maximum : raised;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Apply(Vector256<float> x)
    {
        Vector256<float> low = Vector256.Create(minimum);
        Vector256<float> high = Vector256.Create(maximum);
        Vector256<float> raised = Vector256.ConditionalSelect(Vector256.LessThan(x, low), low, x);
        return Vector256.ConditionalSelect(Vector256.GreaterThan(raised, high), high, raised);
    }
}
