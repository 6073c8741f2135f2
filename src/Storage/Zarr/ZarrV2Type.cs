using System.Text.Json;
using Upweave.Storage.Arrays;

namespace Upweave.Storage.Zarr;

/// <summary>The type strings and fill values of zarr version 2: numpy's typestr, <c>&lt;f4</c>.</summary>
internal static class ZarrV2Type
{
    /// <summary>The type and its byte order; null when it is none that is supported.</summary>
    public static (ElementType Type, bool BigEndian)? Parse(string text)
    {
        ElementType? type = text.Length == 3 ? text[1..] switch
        {
            "b1" => ElementType.Bool,
            "i1" => ElementType.Int8,
            "u1" => ElementType.UInt8,
            "i2" => ElementType.Int16,
            "u2" => ElementType.UInt16,
            "i4" => ElementType.Int32,
            "u4" => ElementType.UInt32,
            "i8" => ElementType.Int64,
            "u8" => ElementType.UInt64,
            "f2" => ElementType.Float16,
            "f4" => ElementType.Float32,
            "f8" => ElementType.Float64,
            _ => null,
        }
        : null;
        // Only a single byte has no order.
        bool isOrdered = type is { } known && (text[0] is '<' or '>' || (text[0] == '|' && known.Size() == 1));
        return isOrdered ? (type!.Value, text[0] == '>' && type.Value.Size() > 1) : null;
    }

    /// <summary>
    /// As <see cref="ZarrFill.Parse"/>, and also 0 or 1 for a bool, and an element's bytes as they are stored, in base64.
    /// </summary>
    /// <returns>The bytes, little-endian; null when the value is none of this type.</returns>
    public static byte[]? ParseFill(JsonElement value, ElementType type, bool bigEndian)
    {
        if (ZarrFill.Parse(value, type) is { } bytes)
            return bytes;
        if (type == ElementType.Bool && value.ValueKind == JsonValueKind.Number)
            return ZarrFill.Parse(value, ElementType.UInt8) is [0 or 1] and var truth ? truth : null;
        if (value.ValueKind != JsonValueKind.String || !value.TryGetBytesFromBase64(out byte[]? stored) || stored.Length != type.Size())
            return null;
        if (bigEndian)
            ByteOrder.Reverse(stored, stored.Length);
        return stored;
    }
}
