using System.Runtime.CompilerServices;

namespace Upweave.Storage.Elements;

/// <summary>
/// IEEE 754 binary16: a sign, 5 bits of exponent with bias 15, 10 bits of mantissa. Converted with integer operations on the
/// bits; the runtime has no such instructions.
/// </summary>
internal readonly struct Float16Format : IElementFormat
{
    /// <summary>Bits of a float32's mantissa that a float16 does not have.</summary>
    private const int Shift = 23 - 10;

    private const uint SignHalf = 0x8000;
    private const uint Infinity = 0x7F800000;
    private const uint InfinityHalf = 0x7C00;
    private const uint QuietBit = 0x00400000;

    /// <summary>Difference of the biases, as an exponent of a float32.</summary>
    private const uint Rebias = (127 - 15) << 23;

    /// <summary>2^16, beyond the largest float16 however it is rounded.</summary>
    private const uint TooLarge = (127 + 16) << 23;

    /// <summary>2^-14, the smallest normal float16.</summary>
    private const uint SmallestNormal = (127 - 14) << 23;

    public static int Bytes => 2;

    public static int VectorsPerWrite => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Read<V, TLanes>(ref readonly byte source)
        where V : struct
        where TLanes : struct, IElementLanes<V>
    {
        V half = TLanes.LoadShorts(in source);
        V magnitude = TLanes.And(half, TLanes.Of(SignHalf - 1));
        V normal = TLanes.Add(TLanes.Shl(magnitude, Shift), TLanes.Of(Rebias));
        // No exponent: a multiple of 2^-24, which is exact.
        V subnormal = TLanes.MultiplyFloats(TLanes.ToFloats(magnitude), TLanes.Of(1f / (1 << 24)));
        // Moved up once more, the largest exponent is the largest again.
        V special = TLanes.Add(normal, TLanes.Of(Rebias));
        V quiet = TLanes.And(TLanes.Greater(magnitude, TLanes.Of(InfinityHalf)), TLanes.Of(QuietBit));
        V finite = TLanes.Select(TLanes.Greater(TLanes.Of(0x400u), magnitude), subnormal, normal);
        V value = TLanes.Select(TLanes.Greater(magnitude, TLanes.Of(InfinityHalf - 1)), TLanes.Or(special, quiet), finite);
        return TLanes.Or(value, TLanes.Shl(TLanes.And(half, TLanes.Of(SignHalf)), 16));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write<V, TLanes>(ref readonly byte floats, ref byte destination)
        where V : struct
        where TLanes : struct, IElementLanes<V> => TLanes.StoreShorts(
            Round<V, TLanes>(TLanes.Load(in floats)),
            Round<V, TLanes>(TLanes.Load(in Unsafe.Add(ref Unsafe.AsRef(in floats), TLanes.Count * sizeof(float)))), ref destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Round<V, TLanes>(V value)
        where V : struct
        where TLanes : struct, IElementLanes<V>
    {
        V magnitude = TLanes.And(value, TLanes.Of(0x7FFFFFFFu));
        // Half of what is cut off, less one if the rest is even: carries into the exponent where it should.
        V odd = TLanes.And(TLanes.Shr(magnitude, Shift), TLanes.Of(1u));
        V normal = TLanes.Shr(TLanes.Add(TLanes.Add(magnitude, odd), TLanes.Of(unchecked((1u << (Shift - 1)) - 1 - Rebias))), Shift);
        // Neighbours of 0.5 are 2^-24 apart, as subnormal float16 are: the sum is rounded to one, which is in its lowest bits.
        V subnormal = TLanes.And(TLanes.AddFloats(magnitude, TLanes.Of(0.5f)), TLanes.Of(0x7FFu));
        V payload = TLanes.Or(TLanes.And(TLanes.Shr(magnitude, Shift), TLanes.Of(0x3FFu)), TLanes.Of(0x7E00u));
        V special = TLanes.Select(TLanes.Greater(magnitude, TLanes.Of(Infinity)), payload, TLanes.Of(InfinityHalf));
        V finite = TLanes.Select(TLanes.Greater(TLanes.Of(SmallestNormal), magnitude), subnormal, normal);
        V result = TLanes.Select(TLanes.Greater(magnitude, TLanes.Of(TooLarge - 1)), special, finite);
        return TLanes.Or(result, TLanes.And(TLanes.Shr(value, 16), TLanes.Of(SignHalf)));
    }
}
