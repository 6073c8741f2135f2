namespace Upweave.Kernels.Lanes;

/// <summary>Merging rows: output j takes element j / n of row j mod n, for n rows.</summary>
internal unsafe partial interface ILanes<TVector>
{
    /// <summary>The first vector of a0 b0 a1 b1 and so on.</summary>
    static abstract TVector InterleaveLow(TVector a, TVector b);

    /// <summary>The second one.</summary>
    static abstract TVector InterleaveHigh(TVector a, TVector b);

    /// <summary>One of the three vectors of a0 b0 c0 a1 b1 c1 and so on.</summary>
    /// <param name="part">0, 1 or 2; a constant.</param>
    static abstract TVector InterleaveThree(TVector a, TVector b, TVector c, int part);

    /// <summary>
    /// Four lanes at a time: quarter q of the result is a, b, c and d of element 4q + <paramref name="element"/>.
    /// </summary>
    /// <param name="element">0 to 3; a constant.</param>
    static abstract TVector InterleaveFour(TVector a, TVector b, TVector c, TVector d, int element);

    /// <summary>Stores four lanes at a time, <paramref name="step"/> floats from one four to the next.</summary>
    static abstract void StoreFours(TVector vector, float* target, nint step);

    /// <summary>Every second element of a and then of b, from the first on: undoes interleaving, with <see cref="Odds"/>.</summary>
    static abstract TVector Evens(TVector a, TVector b);

    /// <summary>Every second element of a and then of b, from the second on.</summary>
    static abstract TVector Odds(TVector a, TVector b);
}
