using Upweave.Kernels.Lanes;

namespace Upweave.Kernels.Activations;

/// <summary>
/// One activation, for one number and for a vector of any width. All do the same correctly rounded operations in the
/// same order, so a lane of a vector and the scalar agree in every bit; implementations are structs so that generic
/// loops inline them.
/// </summary>
internal interface IActivationFunction
{
    /// <summary>Whether -0 never comes out unless it goes in.</summary>
    static abstract bool MakesNoNegativeZero { get; }

    float Apply(float x);

    TVector Apply<TVector, TLanes>(TVector x)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>;
}
