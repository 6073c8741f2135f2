using System.Runtime.Intrinsics;

namespace Upweave.Kernels.Activations;

/// <summary>
/// One activation, for one number and for eight. Both do the same correctly rounded operations in the same order, so
/// a lane of the vector and the scalar agree in every bit; implementations are structs so that generic loops inline
/// them.
/// </summary>
internal interface IActivationFunction
{
    float Apply(float x);

    Vector256<float> Apply(Vector256<float> x);
}
