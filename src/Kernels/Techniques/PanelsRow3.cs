using System.Runtime.CompilerServices;
using Upweave.Kernels.Lanes;

namespace Upweave.Kernels.Techniques;

/// <summary>3 vectors per row.</summary>
internal unsafe struct PanelsRow3<TVector, TLanes> : IPanelsRow<TVector, PanelsRow3<TVector, TLanes>>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    private TVector first;
    private TVector second;
    private TVector third;

    public static int Vectors
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Clear()
    {
        first = TLanes.Zero;
        second = TLanes.Zero;
        third = TLanes.Zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Load(float* source)
    {
        first = TLanes.Load(source);
        second = TLanes.Load(source + TLanes.Count);
        third = TLanes.Load(source + (2 * TLanes.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* target)
    {
        TLanes.Store(first, target);
        TLanes.Store(second, target + TLanes.Count);
        TLanes.Store(third, target + (2 * TLanes.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(float* source)
    {
        first = TLanes.Add(TLanes.Load(source), first);
        second = TLanes.Add(TLanes.Load(source + TLanes.Count), second);
        third = TLanes.Add(TLanes.Load(source + (2 * TLanes.Count)), third);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddProducts(in PanelsRow3<TVector, TLanes> inputs, TVector weight)
    {
        first = TLanes.FusedMultiplyAdd(inputs.first, weight, first);
        second = TLanes.FusedMultiplyAdd(inputs.second, weight, second);
        third = TLanes.FusedMultiplyAdd(inputs.third, weight, third);
    }
}
