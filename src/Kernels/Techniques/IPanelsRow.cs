namespace Upweave.Kernels.Techniques;

/// <summary>
/// What a register tile holds of one output channel: sums, or the inputs that go into them, in one to three vectors. The
/// just-in-time compiler keeps up to four fields of a struct in registers, so one source serves all three; sums that
/// change in place, since those returned anew would be moved about.
/// </summary>
internal unsafe interface IPanelsRow<TVector, TRow>
    where TVector : struct
    where TRow : struct, IPanelsRow<TVector, TRow>
{
    /// <summary>Vectors of a row.</summary>
    static abstract int Vectors { get; }

    void Clear();

    void Load(float* source);

    void Store(float* target);

    /// <summary>What lies there plus this.</summary>
    void Add(float* source);

    /// <summary>inputs * weight + this</summary>
    void AddProducts(in TRow inputs, TVector weight);
}
