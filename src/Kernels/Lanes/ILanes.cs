namespace Upweave.Kernels.Lanes;

/// <summary>
/// Operations on a vector of float32, so that one source serves every vector width: code is generic over the vector
/// and a type without content that names its operations. (A vector wrapped in a struct of our own would be kept in
/// memory by the just-in-time compiler instead of a register.) Each lane does one correctly rounded operation.
/// </summary>
internal unsafe partial interface ILanes<TVector>
    where TVector : struct
{
    /// <summary>Lanes per vector.</summary>
    static abstract int Count { get; }

    static abstract TVector Zero { get; }

    static abstract TVector Load(float* source);

    /// <summary>The same number in every lane.</summary>
    static abstract TVector Broadcast(float* source);

    static abstract TVector Create(float value);

    static abstract void Store(TVector vector, float* target);

    /// <summary>The same past the caches; the target must be aligned to the vector.</summary>
    static abstract void StoreStreaming(TVector vector, float* target);

    static abstract TVector Add(TVector left, TVector right);

    /// <summary>left * right + addend, rounded once.</summary>
    static abstract TVector FusedMultiplyAdd(TVector left, TVector right, TVector addend);
}
