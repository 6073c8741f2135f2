using System.Text.Json.Serialization;

namespace Upweave.Contracts.Messages;

/// <summary>The stages of a job, in order.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<JobStage>))]
public enum JobStage
{
    /// <summary>A picture is decoded into scratch chunks: one task.</summary>
    Ingest,

    /// <summary>Tiles are computed.</summary>
    Compute,

    /// <summary>A picture is encoded from scratch chunks: one task.</summary>
    Export,

    /// <summary>The output is published.</summary>
    Commit,
}
