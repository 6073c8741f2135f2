using System.Buffers.Binary;
using System.Text.Json;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Tiling;

namespace Upweave.Storage.Tensors;

/// <summary>
/// Finds a tensor in a .safetensors, which is 8 bytes of the header's length, a header in JSON with type, shape and range of each
/// tensor, and the elements, little-endian in C order.
/// </summary>
internal static class SafeTensors
{
    /// <summary>The largest header that is read; a tensor takes about 100 bytes of it.</summary>
    public const long HeaderBytesMax = 16 << 20;

    private const string MetadataKey = "__metadata__";

    /// <param name="member">The tensor's name; null where the file has only one.</param>
    /// <param name="name">Names the file in messages.</param>
    /// <exception cref="InvalidArrayException">The file is malformed, or has no such tensor, or one of a type that is not
    /// supported.</exception>
    public static async ValueTask<IArrayReader> OpenAsync(
        IObjectStore store, ObjectInfo info, string? member, string name, string identity, CancellationToken cancellationToken)
    {
        byte[] start = new byte[8];
        if (info.Length < start.Length)
            throw Malformed(name, $"{info.Length} bytes are too few");
        await store.ReadAsync(info.Path, 0, start, info.ETag, cancellationToken);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(start);
        if (length > HeaderBytesMax || (long)length > info.Length - start.Length)
            throw Malformed(name, $"it claims {length} bytes of a file of {info.Length}; at most {HeaderBytesMax} are read");
        byte[] header = new byte[length];
        await store.ReadAsync(info.Path, start.Length, header, info.ETag, cancellationToken);
        try
        {
            using JsonDocument document = JsonDocument.Parse(header);
            JsonElement tensor = Find(document.RootElement, member, name);
            long dataOffset = start.Length + (long)length;
            return Open(new ObjectSource(store, info, dataOffset, info.Length - dataOffset), tensor, name, identity);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or FormatException)
        {
            throw Malformed(name, malformed.Message, malformed);
        }
    }

    private static JsonElement Find(JsonElement header, string? member, string name)
    {
        if (header.ValueKind != JsonValueKind.Object)
            throw Malformed(name, "it is no object");
        List<JsonProperty> tensors = [.. header.EnumerateObject().Where(entry => entry.Name != MetadataKey)];
        string names = string.Join(", ", tensors.Select(entry => entry.Name).Take(100));
        List<JsonProperty> found = [.. tensors.Where(entry => member is null || entry.Name == member)];
        return found.Count switch
        {
            1 => found[0].Value,
            0 => throw new InvalidArrayException(
                member is null ? $"'{name}' has no tensors." : $"'{name}' has no tensor '{member}'.", $"its tensors are: {names}"),
            _ => throw new InvalidArrayException(
                $"'{name}' has {found.Count} tensors to choose from.", $"add #name, one of: {names}"),
        };
    }

    private static LinearReader Open(ObjectSource data, JsonElement tensor, string name, string identity)
    {
        if (tensor.ValueKind != JsonValueKind.Object || !tensor.TryGetProperty("dtype", out JsonElement type)
            || !tensor.TryGetProperty("shape", out JsonElement shape) || !tensor.TryGetProperty("data_offsets", out JsonElement range))
        {
            throw Malformed(name, "the tensor has no dtype, shape and data_offsets");
        }

        (ElementType element, bool isBFloat16) = TypeOf(type.GetString(), name);
        long[] offsets = [.. range.EnumerateArray().Select(offset => offset.GetInt64())];
        if (offsets.Length != 2 || offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] > data.Length)
            throw Malformed(name, $"data_offsets [{string.Join(", ", offsets)}] do not lie in the {data.Length} bytes of elements");
        ObjectSource stored = data with { Start = data.Start + offsets[0], Length = offsets[1] - offsets[0] };
        long[] extents = [.. shape.EnumerateArray().Select(extent => extent.GetInt64())];
        Dims dims = TensorShape.Check(extents, isBFloat16 ? 2 : element.Size(), stored.Length, name);
        ArrayInfo info = new()
        {
            Format = "safetensors",
            Shape = dims,
            Type = element,
            Codecs = isBFloat16 ? ["bfloat16"] : [],
        };
        return new LinearReader(isBFloat16 ? new BFloat16Source(stored) : stored, info, identity);
    }

    private static (ElementType Type, bool IsBFloat16) TypeOf(string? dtype, string name) => dtype switch
    {
        "F32" => (ElementType.Float32, false),
        "F16" => (ElementType.Float16, false),
        "BF16" => (ElementType.Float32, true),
        "F64" => (ElementType.Float64, false),
        _ => throw new InvalidArrayException(
            $"'{name}' has elements of type {dtype}, which is not supported.", "save it as F32, F16, BF16 or F64"),
    };

    private static InvalidArrayException Malformed(string name, string why, Exception? inner = null) =>
        new($"The header of '{name}' is malformed: {why}.", "write or copy the .safetensors again", inner);
}
