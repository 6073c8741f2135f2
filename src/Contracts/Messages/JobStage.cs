using System.Text.Json.Serialization;

namespace Upweave.Contracts.Messages;

/// <summary>The stages of a job, in order.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<JobStage>))]
public enum JobStage
{
    /// <summary>A picture, or another file compressed as a whole, is decoded into scratch chunks: one task.</summary>
    [JsonStringEnumMemberName("ingest")]
    Ingest,

    /// <summary>Tiles are computed.</summary>
    [JsonStringEnumMemberName("compute")]
    Compute,

    /// <summary>Tiles of the lower resolutions are computed, one level after the other, from the level before.</summary>
    [JsonStringEnumMemberName("pyramid")]
    Pyramid,

    /// <summary>A picture is encoded from scratch chunks: one task.</summary>
    [JsonStringEnumMemberName("export")]
    Export,

    /// <summary>The output is published.</summary>
    [JsonStringEnumMemberName("commit")]
    Commit,
}
