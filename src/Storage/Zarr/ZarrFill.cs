using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Upweave.Storage.Zarr;

/// <summary>
/// The fill value: a bool, a number, or for floats also <c>"NaN"</c>, <c>"Infinity"</c>, <c>"-Infinity"</c>, or the bits in
/// hexadecimal, <c>"0x7fc00000"</c>. As one element's bytes, little-endian.
/// </summary>
internal static class ZarrFill
{
    /// <summary>The bytes; null when the value is none of this type.</summary>
    public static byte[]? Parse(JsonElement value, ElementType type)
    {
        byte[] bytes = new byte[type.Size()];
        bool isValid = type switch
        {
            ElementType.Bool => TryBool(value, bytes),
            ElementType.Float16 or ElementType.Float32 or ElementType.Float64 => TryFloat(value, bytes),
            ElementType.UInt8 or ElementType.UInt16 or ElementType.UInt32 or ElementType.UInt64 => TryUnsigned(value, bytes),
            _ => TrySigned(value, bytes),
        };
        return isValid ? bytes : null;
    }

    /// <summary>The value of 0 in metadata.</summary>
    public static JsonNode Zero(ElementType type) => type switch
    {
        ElementType.Bool => JsonValue.Create(false),
        ElementType.Float16 or ElementType.Float32 or ElementType.Float64 => JsonNode.Parse("0.0")!,
        _ => JsonValue.Create(0),
    };

    private static bool TryBool(JsonElement value, Span<byte> bytes)
    {
        bytes[0] = value.ValueKind == JsonValueKind.True ? (byte)1 : (byte)0;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False;
    }

    private static bool TryUnsigned(JsonElement value, Span<byte> bytes) =>
        IsWhole(value, out decimal number) && number >= 0 && number <= ulong.MaxValue >> Unused(bytes) && PutBits((ulong)number, bytes);

    private static bool TrySigned(JsonElement value, Span<byte> bytes) =>
        IsWhole(value, out decimal number) && number >= long.MinValue >> Unused(bytes) && number <= long.MaxValue >> Unused(bytes)
        && PutBits((ulong)(long)number, bytes);

    /// <summary>Some writers give whole numbers a fraction of 0.</summary>
    private static bool IsWhole(JsonElement value, out decimal number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out number) && number == decimal.Truncate(number);
    }

    /// <summary>Bits of 64 that an element does not have.</summary>
    private static int Unused(Span<byte> bytes) => 64 - (8 * bytes.Length);

    private static bool TryFloat(JsonElement value, Span<byte> bytes)
    {
        if (value.ValueKind == JsonValueKind.Number)
            return value.TryGetDouble(out double number) && PutFloat(number, bytes);
        return value.ValueKind == JsonValueKind.String && value.GetString() switch
        {
            "NaN" => PutFloat(double.NaN, bytes),
            "Infinity" => PutFloat(double.PositiveInfinity, bytes),
            "-Infinity" => PutFloat(double.NegativeInfinity, bytes),
            { } text => text.Length == 2 + (2 * bytes.Length) && text.StartsWith("0x", StringComparison.Ordinal)
                && ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong bits)
                && PutBits(bits, bytes),
            null => false,
        };
    }

    /// <summary>The specification's NaN has a clear sign and only the highest bit of the fraction; .NET's is negative.</summary>
    private static bool PutFloat(double value, Span<byte> bytes) => PutBits(
        bytes.Length switch
        {
            2 => double.IsNaN(value) ? 0x7E00UL : BitConverter.HalfToUInt16Bits((Half)value),
            4 => double.IsNaN(value) ? 0x7FC00000UL : BitConverter.SingleToUInt32Bits((float)value),
            _ => double.IsNaN(value) ? 0x7FF8000000000000UL : BitConverter.DoubleToUInt64Bits(value),
        },
        bytes);

    private static bool PutBits(ulong bits, Span<byte> bytes)
    {
        Span<byte> all = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(all, bits);
        all[..bytes.Length].CopyTo(bytes);
        return true;
    }
}
