using System.Runtime.CompilerServices;
using Upweave.Kernels.Lanes;

namespace Upweave.Kernels.Techniques;

/// <summary>1 vector per row.</summary>
internal unsafe struct PanelsRow1<TVector, TLanes> : IPanelsRow<TVector, PanelsRow1<TVector, TLanes>>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    private TVector first;

    public static int Vectors
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Clear() => first = TLanes.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Load(float* source) => first = TLanes.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* target) => TLanes.Store(first, target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(float* source) => first = TLanes.Add(TLanes.Load(source), first);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddProducts(in PanelsRow1<TVector, TLanes> inputs, TVector weight) =>
        first = TLanes.FusedMultiplyAdd(inputs.first, weight, first);
}
