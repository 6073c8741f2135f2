using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Upweave.Storage.Elements;

/// <summary>
/// Converts runs of elements in vectors. The last vector begins earlier, so that it ends with the run: what it does again gives
/// the same again, and there is no remainder. A run shorter than a vector takes narrower ones, or is left to plain loops.
/// Source and destination do not overlap. Loops are optimised before their first call: small jobs have few.
/// </summary>
internal static class ElementVectors
{
    /// <summary>Bits of the widest vectors that the processor has.</summary>
    public static int Bits { get; } = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    /// <summary>Elements to floats; false if the run is too short.</summary>
    /// <param name="bits">Of the widest vectors to use.</param>
    public static bool Read<TFormat>(ReadOnlySpan<byte> source, Span<float> destination, int bits)
        where TFormat : struct, IElementFormat
    {
        ref byte from = ref MemoryMarshal.GetReference(source);
        ref byte to = ref MemoryMarshal.GetReference(MemoryMarshal.AsBytes(destination));
        if (bits >= 512 && destination.Length >= ElementLanes512.Count)
            Read<Vector512<uint>, ElementLanes512, TFormat>(ref from, ref to, destination.Length);
        else if (bits >= 256 && destination.Length >= ElementLanes256.Count)
            Read<Vector256<uint>, ElementLanes256, TFormat>(ref from, ref to, destination.Length);
        else if (destination.Length >= ElementLanes128.Count)
            Read<Vector128<uint>, ElementLanes128, TFormat>(ref from, ref to, destination.Length);
        else
            return false;
        return true;
    }

    /// <summary>Floats to elements; false if the run is too short.</summary>
    /// <param name="bits">Of the widest vectors to use.</param>
    public static bool Write<TFormat>(ReadOnlySpan<float> source, Span<byte> destination, int bits)
        where TFormat : struct, IElementFormat
    {
        ref byte from = ref MemoryMarshal.GetReference(MemoryMarshal.AsBytes(source));
        ref byte to = ref MemoryMarshal.GetReference(destination);
        if (bits >= 512 && source.Length >= TFormat.VectorsPerWrite * ElementLanes512.Count)
            Write<Vector512<uint>, ElementLanes512, TFormat>(ref from, ref to, source.Length);
        else if (bits >= 256 && source.Length >= TFormat.VectorsPerWrite * ElementLanes256.Count)
            Write<Vector256<uint>, ElementLanes256, TFormat>(ref from, ref to, source.Length);
        else if (source.Length >= TFormat.VectorsPerWrite * ElementLanes128.Count)
            Write<Vector128<uint>, ElementLanes128, TFormat>(ref from, ref to, source.Length);
        else
            return false;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Read<V, TLanes, TFormat>(ref byte source, ref byte destination, int count)
        where V : struct
        where TLanes : struct, IElementLanes<V>
        where TFormat : struct, IElementFormat
    {
        int last = count - TLanes.Count;
        for (int index = 0; index < last; index += TLanes.Count)
        {
            ReadAt<V, TLanes, TFormat>(ref source, ref destination, index);
        }

        ReadAt<V, TLanes, TFormat>(ref source, ref destination, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Write<V, TLanes, TFormat>(ref byte source, ref byte destination, int count)
        where V : struct
        where TLanes : struct, IElementLanes<V>
        where TFormat : struct, IElementFormat
    {
        int step = TFormat.VectorsPerWrite * TLanes.Count;
        int last = count - step;
        for (int index = 0; index < last; index += step)
        {
            WriteAt<V, TLanes, TFormat>(ref source, ref destination, index);
        }

        WriteAt<V, TLanes, TFormat>(ref source, ref destination, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ReadAt<V, TLanes, TFormat>(ref byte source, ref byte destination, int index)
        where V : struct
        where TLanes : struct, IElementLanes<V>
        where TFormat : struct, IElementFormat => TLanes.Store(
            TFormat.Read<V, TLanes>(in Unsafe.Add(ref source, (nint)index * TFormat.Bytes)),
            ref Unsafe.Add(ref destination, (nint)index * sizeof(float)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteAt<V, TLanes, TFormat>(ref byte source, ref byte destination, int index)
        where V : struct
        where TLanes : struct, IElementLanes<V>
        where TFormat : struct, IElementFormat => TFormat.Write<V, TLanes>(
            in Unsafe.Add(ref source, (nint)index * sizeof(float)), ref Unsafe.Add(ref destination, (nint)index * TFormat.Bytes));
}
