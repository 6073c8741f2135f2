using System.Runtime.CompilerServices;

namespace Upweave.Storage.Elements;

/// <summary>What integers of 8 and 16 bits have in common: every one is a float32, and so is every one plus <see cref="Magic"/>.</summary>
internal static class SmallIntegers
{
    /// <summary>
    /// 1.5 * 2^23, whose neighbours are whole numbers: a sum with it is rounded to the nearest, ties to even, and its lowest bits
    /// are the rounded number's.
    /// </summary>
    private const float Magic = 12582912;

    /// <summary>The vector of floats at an index, saturated to the bounds and rounded, in the lowest bits; NaN gives 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Round<V, TLanes>(ref readonly byte floats, int vector, float least, float most)
        where V : struct
        where TLanes : struct, IElementLanes<V>
    {
        V value = TLanes.Load(in Unsafe.Add(ref Unsafe.AsRef(in floats), vector * TLanes.Count * sizeof(float)));
        V number = TLanes.And(value, TLanes.IsNumber(value));
        return TLanes.AddFloats(TLanes.ClampFloats(number, TLanes.Of(least), TLanes.Of(most)), TLanes.Of(Magic));
    }

    /// <summary>Four vectors to bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteBytes<V, TLanes>(ref readonly byte floats, ref byte destination, float least, float most)
        where V : struct
        where TLanes : struct, IElementLanes<V> => TLanes.StoreBytes(
            Round<V, TLanes>(in floats, 0, least, most), Round<V, TLanes>(in floats, 1, least, most),
            Round<V, TLanes>(in floats, 2, least, most), Round<V, TLanes>(in floats, 3, least, most), ref destination);

    /// <summary>Two vectors to numbers of 16 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteShorts<V, TLanes>(ref readonly byte floats, ref byte destination, float least, float most)
        where V : struct
        where TLanes : struct, IElementLanes<V> => TLanes.StoreShorts(
            Round<V, TLanes>(in floats, 0, least, most), Round<V, TLanes>(in floats, 1, least, most), ref destination);
}
