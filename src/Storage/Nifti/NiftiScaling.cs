using System.Numerics;
using System.Runtime.InteropServices;

namespace Upweave.Storage.Nifti;

/// <summary>
/// What stored elements mean: <c>stored * Slope + Intercept</c> (nifti1.h, scl_slope and scl_inter), each operation rounded to double,
/// the result rounded once to its type, as nibabel gives it.
/// </summary>
internal sealed record NiftiScaling(double Slope, double Intercept)
{
    /// <summary>Float64 where the stored type has more bits than a float32's 24, else float32.</summary>
    public static ElementType TypeOf(ElementType stored) =>
        stored is ElementType.Float32 || stored.Size() < sizeof(int) ? ElementType.Float32 : ElementType.Float64;

    /// <summary>Scales elements.</summary>
    /// <param name="stored">Elements of the stored type in little-endian order.</param>
    /// <param name="destination">As many elements of <see cref="TypeOf"/>.</param>
    public void Apply(ElementType type, ReadOnlySpan<byte> stored, Span<byte> destination)
    {
        switch (type)
        {
            case ElementType.UInt8: Apply<byte>(stored, MemoryMarshal.Cast<byte, float>(destination)); break;
            case ElementType.Int8: Apply<sbyte>(stored, MemoryMarshal.Cast<byte, float>(destination)); break;
            case ElementType.UInt16: Apply<ushort>(stored, MemoryMarshal.Cast<byte, float>(destination)); break;
            case ElementType.Int16: Apply<short>(stored, MemoryMarshal.Cast<byte, float>(destination)); break;
            case ElementType.Float32: Apply<float>(stored, MemoryMarshal.Cast<byte, float>(destination)); break;
            case ElementType.UInt32: Apply<uint>(stored, MemoryMarshal.Cast<byte, double>(destination)); break;
            case ElementType.Int32: Apply<int>(stored, MemoryMarshal.Cast<byte, double>(destination)); break;
            case ElementType.UInt64: Apply<ulong>(stored, MemoryMarshal.Cast<byte, double>(destination)); break;
            case ElementType.Int64: Apply<long>(stored, MemoryMarshal.Cast<byte, double>(destination)); break;
            default: Apply<double>(stored, MemoryMarshal.Cast<byte, double>(destination)); break;
        }
    }

    public override string ToString() => FormattableString.Invariant($"scaled by {Slope:G7} + {Intercept:G7}");

    private void Apply<T>(ReadOnlySpan<byte> stored, Span<float> destination)
        where T : unmanaged, INumberBase<T>
    {
        ReadOnlySpan<T> source = MemoryMarshal.Cast<byte, T>(stored);
        for (int index = 0; index < destination.Length; index++)
        {
            destination[index] = (float)Scale(double.CreateTruncating(source[index]));
        }
    }

    private void Apply<T>(ReadOnlySpan<byte> stored, Span<double> destination)
        where T : unmanaged, INumberBase<T>
    {
        ReadOnlySpan<T> source = MemoryMarshal.Cast<byte, T>(stored);
        for (int index = 0; index < destination.Length; index++)
        {
            destination[index] = Scale(double.CreateTruncating(source[index]));
        }
    }

    /// <summary>Without an intercept nothing is added: -0 stays what it is.</summary>
    private double Scale(double value) => Intercept == 0 ? value * Slope : (value * Slope) + Intercept;
}
