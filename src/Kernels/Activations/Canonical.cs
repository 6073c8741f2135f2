using System.Runtime.CompilerServices;
using Upweave.Kernels.Lanes;

namespace Upweave.Kernels.Activations;

/// <summary>
/// The last step before a store: every NaN becomes 0x7FC00000 and -0 becomes +0, since machines differ in both.
/// Adding +0 does the latter, and changes no other number.
/// </summary>
internal static class Canonical
{
    /// <summary>Not <see cref="float.NaN"/>, whose sign bit is set.</summary>
    private const int NotANumber = 0x7FC00000;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Of(float x) => float.IsNaN(x) ? BitConverter.Int32BitsToSingle(NotANumber) : x + 0f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TVector, TLanes>(TVector x)
        where TVector : struct
        where TLanes : struct, ILanes<TVector> =>
        OfNaN<TVector, TLanes>(TLanes.Add(x, TLanes.Zero));

    /// <summary>The same where no lane can be -0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector OfNaN<TVector, TLanes>(TVector x)
        where TVector : struct
        where TLanes : struct, ILanes<TVector> =>
        TLanes.SelectEqual(x, x, x, TLanes.CreateBits(NotANumber));
}
