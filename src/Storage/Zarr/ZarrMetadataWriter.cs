using System.Text.Json;
using System.Text.Json.Nodes;
using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Storage.Zarr;

/// <summary>Writes the <c>zarr.json</c> of an array whose fill value is 0.</summary>
internal static class ZarrMetadataWriter
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The <c>zarr.json</c> of the group that an OME-Zarr is.</summary>
    public static byte[] WriteGroup(OutputLayout layout) => JsonSerializer.SerializeToUtf8Bytes(
        new JsonObject
        {
            ["zarr_format"] = 3,
            ["node_type"] = "group",
            ["attributes"] = OmeMetadata.Attributes(layout),
        },
        Indented);

    /// <param name="shard">Null where each chunk is an object.</param>
    public static byte[] Write(ZarrMetadata metadata, ZarrShardLayout? shard, OutputLayout layout)
    {
        JsonObject json = new()
        {
            ["zarr_format"] = 3,
            ["node_type"] = "array",
            ["shape"] = Numbers(metadata.Shape),
            ["data_type"] = metadata.Type.Name(),
            ["chunk_grid"] = Named("regular", new JsonObject { ["chunk_shape"] = Numbers(shard?.Shape ?? metadata.Chunk) }),
            ["chunk_key_encoding"] = Named(
                metadata.Keys.IsDefault ? "default" : "v2", new JsonObject { ["separator"] = metadata.Keys.Separator.ToString() }),
            ["fill_value"] = ZarrFill.Zero(metadata.Type),
            ["codecs"] = shard is null ? Codecs(metadata) : [Sharding(metadata, shard)],
            ["attributes"] = Attributes(layout),
        };
        if (metadata.DimensionNames is { } names)
            json["dimension_names"] = new JsonArray([.. names.Select(name => JsonValue.Create(name))]);
        return JsonSerializer.SerializeToUtf8Bytes(json, Indented);
    }

    private static JsonObject Attributes(OutputLayout layout) =>
        layout is { Format: OutputFormat.Zarr, Provenance: { } provenance }
            ? new JsonObject { ["upweave"] = JsonNode.Parse(provenance) }
            : [];

    private static JsonObject Sharding(ZarrMetadata metadata, ZarrShardLayout shard)
    {
        JsonArray chunkCodecs = Codecs(metadata);
        chunkCodecs.Add(Checksum());
        return Named("sharding_indexed", new JsonObject
        {
            ["chunk_shape"] = Numbers(shard.Chunk),
            ["codecs"] = chunkCodecs,
            ["index_codecs"] = new JsonArray(Bytes(), Checksum()),
            ["index_location"] = "end",
        });
    }

    private static JsonObject Bytes() => Named("bytes", new JsonObject { ["endian"] = "little" });

    private static JsonObject Checksum() => new() { ["name"] = "crc32c" };

    private static JsonArray Codecs(ZarrMetadata metadata)
    {
        JsonArray codecs = [Bytes()];
        if (metadata.Codecs.Compression == ZarrCompression.Zstd)
            codecs.Add(Named("zstd", new JsonObject { ["level"] = ZstdPool.Level, ["checksum"] = false }));
        return codecs;
    }

    private static JsonArray Numbers(Dims dims) => new([.. dims.Select(number => JsonValue.Create(number))]);

    private static JsonObject Named(string name, JsonObject configuration) =>
        new() { ["name"] = name, ["configuration"] = configuration };
}
