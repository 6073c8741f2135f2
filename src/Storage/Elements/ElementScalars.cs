using System.Numerics;
using System.Runtime.InteropServices;

namespace Upweave.Storage.Elements;

/// <summary>
/// The conversions element by element: what they are, for all types. Does the types without vectors, and runs too short for them.
/// </summary>
internal static class ElementScalars
{
    /// <summary>See <see cref="Arrays.ElementConverter"/>.</summary>
    public static void Read(ElementType type, ReadOnlySpan<byte> source, Span<float> destination)
    {
        switch (type)
        {
            case ElementType.Bool: BoolToFloat(source, destination); break;
            case ElementType.UInt8: Widen(source, destination); break;
            case ElementType.Int8: Widen(MemoryMarshal.Cast<byte, sbyte>(source), destination); break;
            case ElementType.UInt16: Widen(MemoryMarshal.Cast<byte, ushort>(source), destination); break;
            case ElementType.Int16: Widen(MemoryMarshal.Cast<byte, short>(source), destination); break;
            case ElementType.UInt32: Widen(MemoryMarshal.Cast<byte, uint>(source), destination); break;
            case ElementType.Int32: Widen(MemoryMarshal.Cast<byte, int>(source), destination); break;
            case ElementType.UInt64: UInt64ToFloat(MemoryMarshal.Cast<byte, ulong>(source), destination); break;
            case ElementType.Int64: Widen(MemoryMarshal.Cast<byte, long>(source), destination); break;
            case ElementType.Float16: Widen(MemoryMarshal.Cast<byte, Half>(source), destination); break;
            case ElementType.Float32: source.CopyTo(MemoryMarshal.AsBytes(destination)); break;
            default: Widen(MemoryMarshal.Cast<byte, double>(source), destination); break;
        }
    }

    /// <summary>See <see cref="Arrays.ElementConverter"/>.</summary>
    public static void Write(ReadOnlySpan<float> source, ElementType type, Span<byte> destination)
    {
        switch (type)
        {
            case ElementType.Bool: FloatToBool(source, destination); break;
            case ElementType.UInt8: Round(source, destination); break;
            case ElementType.Int8: Round(source, MemoryMarshal.Cast<byte, sbyte>(destination)); break;
            case ElementType.UInt16: Round(source, MemoryMarshal.Cast<byte, ushort>(destination)); break;
            case ElementType.Int16: Round(source, MemoryMarshal.Cast<byte, short>(destination)); break;
            case ElementType.UInt32: Round(source, MemoryMarshal.Cast<byte, uint>(destination)); break;
            case ElementType.Int32: Round(source, MemoryMarshal.Cast<byte, int>(destination)); break;
            case ElementType.UInt64: Round(source, MemoryMarshal.Cast<byte, ulong>(destination)); break;
            case ElementType.Int64: Round(source, MemoryMarshal.Cast<byte, long>(destination)); break;
            case ElementType.Float16: Narrow(source, MemoryMarshal.Cast<byte, Half>(destination)); break;
            case ElementType.Float32: MemoryMarshal.AsBytes(source).CopyTo(destination); break;
            default: Narrow(source, MemoryMarshal.Cast<byte, double>(destination)); break;
        }
    }

    private static void Widen<T>(ReadOnlySpan<T> source, Span<float> destination)
        where T : unmanaged, INumberBase<T>
    {
        for (int index = 0; index < destination.Length; index++)
        {
            destination[index] = float.CreateTruncating(source[index]);
        }
    }

    private static void Round<T>(ReadOnlySpan<float> source, Span<T> destination)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (int index = 0; index < source.Length; index++)
        {
            float rounded = MathF.Round(source[index], MidpointRounding.ToEven);
            destination[index] = float.IsNaN(rounded) ? T.Zero : T.CreateSaturating(rounded);
        }
    }

    private static void Narrow<T>(ReadOnlySpan<float> source, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int index = 0; index < source.Length; index++)
        {
            destination[index] = T.CreateTruncating(source[index]);
        }
    }

    /// <summary>
    /// Halves what has the highest bit, keeping the lowest as a sticky one, so that the one rounding is that of a signed
    /// conversion. A cast may go through double and round twice.
    /// </summary>
    private static void UInt64ToFloat(ReadOnlySpan<ulong> source, Span<float> destination)
    {
        for (int index = 0; index < destination.Length; index++)
        {
            ulong value = source[index];
            destination[index] = value <= long.MaxValue ? (long)value : (long)((value >> 1) | (value & 1)) * 2f;
        }
    }

    private static void BoolToFloat(ReadOnlySpan<byte> source, Span<float> destination)
    {
        for (int index = 0; index < destination.Length; index++)
        {
            destination[index] = source[index] == 0 ? 0f : 1f;
        }
    }

    private static void FloatToBool(ReadOnlySpan<float> source, Span<byte> destination)
    {
        for (int index = 0; index < source.Length; index++)
        {
            destination[index] = source[index] == 0f ? (byte)0 : (byte)1;
        }
    }
}
