using System.Text.Json;

namespace Upweave.Storage.Zarr;

/// <summary>Parses the list of codecs: <c>bytes</c>, then at most one of <c>zstd</c> and <c>gzip</c>.</summary>
internal static class ZarrCodecsReader
{
    /// <exception cref="InvalidArrayException">A codec is not supported; the message names it.</exception>
    public static ZarrCodecs Parse(JsonElement? codecs, ElementType type, string array)
    {
        if (codecs is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() == 0)
            throw Fault(array, "has no codecs");
        List<string> names = [.. list.EnumerateArray().Select(codec => ZarrJson.Name(codec) ?? "")];
        if (names.FirstOrDefault(name => name is not ("bytes" or "zstd" or "gzip")) is { } unknown)
            throw Fault(array, $"uses the codec '{unknown}', which is not supported yet", "supported are bytes, zstd and gzip");
        if (names[0] != "bytes" || names.Count > 2 || names.Skip(1).Contains("bytes"))
            throw Fault(array, $"chains the codecs {string.Join(", ", names)}; supported are bytes, then zstd or gzip or none");
        return new ZarrCodecs(BigEndian(list[0], type, array), names.ElementAtOrDefault(1) switch
        {
            "zstd" => ZarrCompression.Zstd,
            "gzip" => ZarrCompression.Gzip,
            _ => ZarrCompression.None,
        });
    }

    /// <summary>The byte order may be left out where elements have one byte.</summary>
    private static bool BigEndian(JsonElement bytes, ElementType type, string array) =>
        ZarrJson.Text(ZarrJson.Configuration(bytes, "endian")) switch
        {
            "big" => true,
            "little" => false,
            null when type.Size() == 1 => false,
            _ => throw Fault(array, "has a codec 'bytes' whose endian is neither 'little' nor 'big'"),
        };

    private static InvalidArrayException Fault(string array, string what, string? hint = null) =>
        new($"The zarr array '{array}' {what}.", hint);
}
