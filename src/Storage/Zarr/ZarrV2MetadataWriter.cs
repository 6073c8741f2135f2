using System.Text.Json.Nodes;
using Upweave.Storage.Arrays;
using Upweave.Storage.Npy;

namespace Upweave.Storage.Zarr;

/// <summary>Writes the <c>.zarray</c> of an array whose fill value is 0 (Zarr storage specification, version 2).</summary>
internal static class ZarrV2MetadataWriter
{
    public static JsonObject Write(OutputLayout layout, ZarrChunkKeys keys, ChunkCompressor compressor) => new()
    {
        ["zarr_format"] = 2,
        ["shape"] = ZarrDocuments.Numbers(layout.Shape),
        ["chunks"] = ZarrDocuments.Numbers(layout.Chunk),
        ["dtype"] = NpyType.Format(layout.Type),
        ["compressor"] = compressor.Kind switch
        {
            Compression.Zstd => new JsonObject { ["id"] = "zstd", ["level"] = compressor.Level },
            Compression.Deflate => new JsonObject { ["id"] = "gzip", ["level"] = compressor.Level },
            _ => null,
        },
        ["fill_value"] = ZarrFill.Zero(layout.Type),
        ["order"] = "C",
        ["filters"] = null,
        ["dimension_separator"] = keys.Separator.ToString(),
    };
}
