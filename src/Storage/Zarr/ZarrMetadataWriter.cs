using System.Text.Json.Nodes;
using Upweave.Storage.Arrays;

namespace Upweave.Storage.Zarr;

/// <summary>Writes the <c>zarr.json</c> of an array whose fill value is 0 (Zarr core specification, version 3).</summary>
internal static class ZarrMetadataWriter
{
    /// <param name="shard">Null where each chunk is an object.</param>
    public static JsonObject Write(OutputLayout layout, ZarrShardLayout? shard, ZarrChunkKeys keys, ChunkCompressor compressor)
    {
        JsonObject json = new()
        {
            ["zarr_format"] = 3,
            ["node_type"] = "array",
            ["shape"] = ZarrDocuments.Numbers(layout.Shape),
            ["data_type"] = layout.Type.Name(),
            ["chunk_grid"] = Named("regular", new JsonObject { ["chunk_shape"] = ZarrDocuments.Numbers(shard?.Shape ?? layout.Chunk) }),
            ["chunk_key_encoding"] = Named(
                keys.IsDefault ? "default" : "v2", new JsonObject { ["separator"] = keys.Separator.ToString() }),
            ["fill_value"] = ZarrFill.Zero(layout.Type),
            ["codecs"] = shard is null ? Codecs(compressor) : [Sharding(shard, compressor)],
            ["attributes"] = ZarrDocuments.Attributes(layout),
        };
        if (ZarrDocuments.AxisNames(layout) is { } names)
            json["dimension_names"] = new JsonArray([.. names.Select(name => JsonValue.Create(name))]);
        return json;
    }

    private static JsonObject Sharding(ZarrShardLayout shard, ChunkCompressor compressor)
    {
        JsonArray chunkCodecs = Codecs(compressor);
        chunkCodecs.Add(Checksum());
        return Named("sharding_indexed", new JsonObject
        {
            ["chunk_shape"] = ZarrDocuments.Numbers(shard.Chunk),
            ["codecs"] = chunkCodecs,
            ["index_codecs"] = new JsonArray(Bytes(), Checksum()),
            ["index_location"] = "end",
        });
    }

    private static JsonObject Bytes() => Named("bytes", new JsonObject { ["endian"] = "little" });

    private static JsonObject Checksum() => new() { ["name"] = "crc32c" };

    private static JsonArray Codecs(ChunkCompressor compressor) => compressor.Kind switch
    {
        Compression.Zstd => [Bytes(), Named("zstd", new JsonObject { ["level"] = compressor.Level, ["checksum"] = false })],
        Compression.Deflate => [Bytes(), Named("gzip", new JsonObject { ["level"] = compressor.Level })],
        _ => [Bytes()],
    };

    private static JsonObject Named(string name, JsonObject configuration) =>
        new() { ["name"] = name, ["configuration"] = configuration };
}
