using System.Runtime.Intrinsics;

namespace Upweave.Storage.Arrays;

/// <summary>
/// The conversions of pictures, uint8 and uint16, in 128-bit lanes. Each handles a whole number of vectors from the start
/// and returns how many elements that was; the rest is the plain loop's.
/// </summary>
internal static class ElementVectors
{
    private static readonly int Floats = Vector128<float>.Count;

    public static int Widen(ReadOnlySpan<byte> source, Span<float> destination)
    {
        int index = 0;
        for (; index <= destination.Length - Vector128<byte>.Count; index += Vector128<byte>.Count)
        {
            (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(Vector128.Create(source[index..]));
            Widen(low, destination[index..]);
            Widen(high, destination[(index + Vector128<ushort>.Count)..]);
        }

        return index;
    }

    public static int Widen(ReadOnlySpan<ushort> source, Span<float> destination)
    {
        int index = 0;
        for (; index <= destination.Length - Vector128<ushort>.Count; index += Vector128<ushort>.Count)
        {
            Widen(Vector128.Create(source[index..]), destination[index..]);
        }

        return index;
    }

    public static int Round(ReadOnlySpan<float> source, Span<byte> destination)
    {
        int index = 0;
        for (; index <= source.Length - Vector128<byte>.Count; index += Vector128<byte>.Count)
        {
            ReadOnlySpan<float> part = source.Slice(index, Vector128<byte>.Count);
            Vector128.Narrow(Round(part, byte.MaxValue), Round(part[Vector128<ushort>.Count..], byte.MaxValue))
                .CopyTo(destination[index..]);
        }

        return index;
    }

    public static int Round(ReadOnlySpan<float> source, Span<ushort> destination)
    {
        int index = 0;
        for (; index <= source.Length - Vector128<ushort>.Count; index += Vector128<ushort>.Count)
        {
            Round(source[index..], ushort.MaxValue).CopyTo(destination[index..]);
        }

        return index;
    }

    private static void Widen(Vector128<ushort> values, Span<float> destination)
    {
        (Vector128<uint> low, Vector128<uint> high) = Vector128.Widen(values);
        Vector128.ConvertToSingle(low.AsInt32()).CopyTo(destination);
        Vector128.ConvertToSingle(high.AsInt32()).CopyTo(destination[Floats..]);
    }

    /// <summary>Eight floats, rounded to even and saturated to 0..max; NaN, which the clamp lets through, converts to 0.</summary>
    private static Vector128<ushort> Round(ReadOnlySpan<float> source, float max) =>
        Vector128.Narrow(RoundFour(source, max), RoundFour(source[Floats..], max));

    private static Vector128<uint> RoundFour(ReadOnlySpan<float> source, float max)
    {
        Vector128<float> clamped = Vector128.Min(Vector128.Max(Vector128.Create(source), Vector128<float>.Zero), Vector128.Create(max));
        return Vector128.ConvertToInt32(Vector128.Round(clamped)).AsUInt32();
    }
}
