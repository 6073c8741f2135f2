using System.Runtime.CompilerServices;
using Upweave.Kernels.Lanes;

namespace Upweave.Kernels.Techniques;

/// <summary>2 vectors per row.</summary>
internal unsafe struct PanelsRow2<TVector, TLanes> : IPanelsRow<TVector, PanelsRow2<TVector, TLanes>>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    private TVector first;
    private TVector second;

    public static int Vectors
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 2;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Clear()
    {
        first = TLanes.Zero;
        second = TLanes.Zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Load(float* source)
    {
        first = TLanes.Load(source);
        second = TLanes.Load(source + TLanes.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* target)
    {
        TLanes.Store(first, target);
        TLanes.Store(second, target + TLanes.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(float* source)
    {
        first = TLanes.Add(TLanes.Load(source), first);
        second = TLanes.Add(TLanes.Load(source + TLanes.Count), second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddProducts(in PanelsRow2<TVector, TLanes> inputs, TVector weight)
    {
        first = TLanes.FusedMultiplyAdd(inputs.first, weight, first);
        second = TLanes.FusedMultiplyAdd(inputs.second, weight, second);
    }
}
