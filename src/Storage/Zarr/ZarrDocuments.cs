using System.Text.Json;
using System.Text.Json.Nodes;
using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Storage.Zarr;

/// <summary>The metadata objects that an output of zarr consists of beside its chunks.</summary>
internal static class ZarrDocuments
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The object that publishes an output: nobody takes it for an array, or a group of them, without.</summary>
    public static string PublishingKey(OutputFormat format) => format switch
    {
        OutputFormat.ZarrV2 => ".zarray",
        OutputFormat.OmeZarrV2 => ".zattrs",
        _ => ZarrMetadata.Key,
    };

    public static bool IsV2(OutputFormat format) => format is OutputFormat.ZarrV2 or OutputFormat.OmeZarrV2;

    public static bool IsOme(OutputFormat format) => format is OutputFormat.OmeZarr or OutputFormat.OmeZarrV2;

    /// <summary>Where the resolution that a layout writes lies in the output; empty, or ends in '/'.</summary>
    public static string Folder(OutputLayout layout) => IsOme(layout.Format) ? $"{layout.Level}/" : "";

    /// <summary>The keys of chunks, or shards, in that folder. Old readers of zarr v2 know no separator but the dot.</summary>
    public static ZarrChunkKeys Keys(OutputFormat format) => format switch
    {
        OutputFormat.ZarrV2 => new ZarrChunkKeys(IsDefault: false, '.'),
        OutputFormat.OmeZarrV2 => new ZarrChunkKeys(IsDefault: false, '/'),
        _ => new ZarrChunkKeys(IsDefault: true, '/'),
    };

    /// <summary>What makes the resolution that a layout writes an array.</summary>
    public static JsonObject Array(OutputLayout layout)
    {
        ChunkCompressor compressor = ZarrWriter.CompressorOf(layout);
        return IsV2(layout.Format)
            ? ZarrV2MetadataWriter.Write(layout, Keys(layout.Format), compressor)
            : ZarrMetadataWriter.Write(layout, ZarrWriter.ShardOf(layout), Keys(layout.Format), compressor);
    }

    /// <summary>
    /// All of them: what makes each resolution an array, and at the end the object that publishes the output. All tiles are done when the
    /// first is written, so that nobody finds an array with some missing.
    /// </summary>
    /// <param name="layout">Of the full resolution.</param>
    public static IReadOnlyList<(string Key, byte[] Content)> All(OutputLayout layout)
    {
        (string, byte[])[] arrays = [.. Enumerable.Range(0, 1 + layout.Pyramid.Count).Select(layout.OfLevel).Select(
            level => (Folder(level) + (IsV2(level.Format) ? ".zarray" : ZarrMetadata.Key), Bytes(Array(level))))];
        return layout.Format switch
        {
            OutputFormat.OmeZarr => [.. arrays, (ZarrMetadata.Key, Bytes(Group(OmeMetadata.Attributes(layout, "0.5"))))],
            OutputFormat.OmeZarrV2 =>
            [
                .. arrays,
                (".zgroup", Bytes(new JsonObject { ["zarr_format"] = 2 })),
                (".zattrs", Bytes(OmeMetadata.Attributes(layout, "0.4"))),
            ],
            OutputFormat.ZarrV2 => [(".zattrs", Bytes(Attributes(layout))), .. arrays],
            _ => arrays,
        };
    }

    /// <summary>The attributes of an array that is no group's.</summary>
    public static JsonObject Attributes(OutputLayout layout) => !IsOme(layout.Format) && layout.Provenance is { } provenance
        ? new JsonObject { ["upweave"] = JsonNode.Parse(provenance) }
        : [];

    /// <summary>Names of the axes; null where they are unknown.</summary>
    public static IReadOnlyList<string>? AxisNames(OutputLayout layout) => IsOme(layout.Format)
        ? OmeMetadata.AxisNames(layout.Axes ?? throw new ArgumentException("An OME-Zarr has named axes.", nameof(layout)))
        : layout.Axes?.Select(letter => letter.ToString()).ToList();

    public static JsonArray Numbers(Dims dims) => new([.. dims.Select(number => JsonValue.Create(number))]);

    private static JsonObject Group(JsonObject attributes) =>
        new() { ["zarr_format"] = 3, ["node_type"] = "group", ["attributes"] = attributes };

    private static byte[] Bytes(JsonObject json) => JsonSerializer.SerializeToUtf8Bytes(json, Indented);
}
