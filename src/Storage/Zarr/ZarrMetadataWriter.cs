using System.Text.Json;
using System.Text.Json.Nodes;
using Upweave.Tiling;

namespace Upweave.Storage.Zarr;

/// <summary>Writes the <c>zarr.json</c> of an array whose fill value is 0.</summary>
internal static class ZarrMetadataWriter
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static byte[] Write(ZarrMetadata metadata)
    {
        JsonObject json = new()
        {
            ["zarr_format"] = 3,
            ["node_type"] = "array",
            ["shape"] = Numbers(metadata.Shape),
            ["data_type"] = metadata.Type.Name(),
            ["chunk_grid"] = Named("regular", new JsonObject { ["chunk_shape"] = Numbers(metadata.Chunk) }),
            ["chunk_key_encoding"] = Named(
                metadata.Keys.IsDefault ? "default" : "v2", new JsonObject { ["separator"] = metadata.Keys.Separator.ToString() }),
            ["fill_value"] = ZarrFill.Zero(metadata.Type),
            ["codecs"] = Codecs(metadata),
            ["attributes"] = new JsonObject(),
        };
        if (metadata.DimensionNames is { } names)
            json["dimension_names"] = new JsonArray([.. names.Select(name => JsonValue.Create(name))]);
        return JsonSerializer.SerializeToUtf8Bytes(json, Indented);
    }

    private static JsonArray Codecs(ZarrMetadata metadata)
    {
        JsonArray codecs = [Named("bytes", new JsonObject { ["endian"] = "little" })];
        if (metadata.Codecs.Compression == ZarrCompression.Zstd)
            codecs.Add(Named("zstd", new JsonObject { ["level"] = ZstdPool.Level, ["checksum"] = false }));
        return codecs;
    }

    private static JsonArray Numbers(Dims dims) => new([.. dims.Select(number => JsonValue.Create(number))]);

    private static JsonObject Named(string name, JsonObject configuration) =>
        new() { ["name"] = name, ["configuration"] = configuration };
}
