using System.Text.Json;
using System.Text.Json.Serialization;

namespace Upweave.Contracts.Specification;

/// <summary>Options of the output's format. Which of them a format has, and what it does without, docs/formats.md says.</summary>
public sealed record FormatSpecification
{
    /// <summary>3, or 2 for readers that know no newer zarr: then an OME-Zarr is version 0.4, not 0.5. Default: 3.</summary>
    [JsonPropertyName("zarr_format")]
    public int? ZarrFormat { get; init; }

    /// <summary>
    /// <c>zstd</c>, <c>gzip</c> or <c>none</c> for zarr; <c>deflate</c>, <c>zstd</c> or <c>none</c> for TIFF. Default: the first.
    /// </summary>
    [JsonPropertyName("compression")]
    public string? Compression { get; init; }

    /// <summary>How hard to compress: 1 to 22 for zstd, 1 to 9 for gzip and deflate.</summary>
    [JsonPropertyName("level")]
    public int? Level { get; init; }

    /// <summary>
    /// Sides of a chunk: one number per spatial axis, or one for all. Of a tile in a TIFF: height and width, multiples of 16.
    /// </summary>
    [JsonPropertyName("chunk")]
    public IReadOnlyList<long>? Chunk { get; init; }

    /// <summary>Put the chunks of a tile into one object (zarr 3). Default: where a tile has several.</summary>
    [JsonPropertyName("shard")]
    public bool? Shard { get; init; }

    /// <summary>Write the lower resolutions too (OME-Zarr). Default: only the full one.</summary>
    [JsonPropertyName("pyramid")]
    public bool? Pyramid { get; init; }

    /// <summary>Fields that no one knows; each is a problem.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; init; }
}
