namespace Upweave.Kernels.Lanes;

/// <summary>What activations are made of.</summary>
internal partial interface ILanes<TVector>
{
    static abstract TVector Subtract(TVector left, TVector right);

    static abstract TVector Multiply(TVector left, TVector right);

    static abstract TVector Divide(TVector left, TVector right);

    static abstract TVector Negate(TVector vector);

    static abstract TVector Abs(TVector vector);

    /// <summary>left &lt; right ? yes : no, and no where one of them is NaN.</summary>
    static abstract TVector SelectLess(TVector left, TVector right, TVector yes, TVector no);

    /// <summary>left > right ? yes : no, and no where one of them is NaN.</summary>
    static abstract TVector SelectGreater(TVector left, TVector right, TVector yes, TVector no);

    /// <summary>left == right ? yes : no, and no where one of them is NaN.</summary>
    static abstract TVector SelectEqual(TVector left, TVector right, TVector yes, TVector no);

    /// <summary>The same 32 bits in every lane.</summary>
    static abstract TVector CreateBits(int bits);

    /// <summary>The sum of the lanes as integers of 32 bits, without a carry.</summary>
    static abstract TVector AddBits(TVector left, TVector right);

    static abstract TVector SubtractBits(TVector left, TVector right);

    static abstract TVector ShiftBitsLeft(TVector vector, int count);

    /// <summary>Arithmetic: copies of the top bit come in.</summary>
    static abstract TVector ShiftBitsRight(TVector vector, int count);
}
