using System.Text.Json;
using System.Text.Json.Serialization;

namespace Upweave.Contracts.Specification;

/// <summary>
/// What a person asks for: the wire contract of a job, in JSON. Every field is optional here so that all that is wrong can be said at
/// once; <c>version</c>, <c>input</c>, <c>output</c> and <c>layers</c> must be there. References are <c>store/path</c>, with
/// <c>#name</c> for a member of an .npz, <c>#1</c> for a TIFF's level; the command line, running embedded, takes plain paths.
/// </summary>
public sealed record JobSpecification
{
    /// <summary>The version of this contract that is written here.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The version of this contract: 1.</summary>
    [JsonPropertyName("version")]
    public int? Version { get; init; }

    /// <summary>The array or picture to read.</summary>
    [JsonPropertyName("input")]
    public string? Input { get; init; }

    /// <summary>Where the result goes; its ending chooses the format, in whatever case.</summary>
    [JsonPropertyName("output")]
    public string? Output { get; init; }

    /// <summary>The layers, first to last; one, until more are supported.</summary>
    [JsonPropertyName("layers")]
    public IReadOnlyList<LayerSpecification>? Layers { get; init; }

    /// <summary>A whole network instead of layers; not supported yet.</summary>
    [JsonPropertyName("network")]
    public JsonElement? Network { get; init; }

    /// <summary>Element type of the output. Default: the input's for presets, else <c>float32</c>.</summary>
    [JsonPropertyName("dtype")]
    public string? Dtype { get; init; }

    /// <summary>Shape of a tile of the output: one number per spatial axis, or one for all. Default: chosen by the planner.</summary>
    [JsonPropertyName("tile")]
    public IReadOnlyList<long>? Tile { get; init; }

    /// <summary>The part of the output to compute: [start, end) per spatial axis. Default: all of it.</summary>
    [JsonPropertyName("region")]
    public IReadOnlyList<IReadOnlyList<long>>? Region { get; init; }

    /// <summary><c>auto</c>, <c>direct</c>, or <c>minimal</c> for layers that have it: docs/arithmetic.md. Default: auto.</summary>
    [JsonPropertyName("algorithm")]
    public string? Algorithm { get; init; }

    /// <summary>
    /// <c>exact</c>: the documented order of arithmetic, the same bits everywhere. <c>tf32</c>, <c>fp16</c> or <c>bf16</c>: matrix units of
    /// devices may round inputs and weights to it. Default: exact.
    /// </summary>
    [JsonPropertyName("precision")]
    public string? Precision { get; init; }

    /// <summary>Options of the output's format.</summary>
    [JsonPropertyName("format")]
    public FormatSpecification? Format { get; init; }

    /// <summary>Replace an output that exists.</summary>
    [JsonPropertyName("overwrite")]
    public bool? Overwrite { get; init; }

    /// <summary>From -100 to 100. One of <c>p</c> counts <c>p</c> + 1 times one of 0, the default.</summary>
    [JsonPropertyName("priority")]
    public int? Priority { get; init; }

    /// <summary>Free text for people; never read by the system.</summary>
    [JsonPropertyName("labels")]
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Fields that no one knows; each is a problem.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; init; }
}
