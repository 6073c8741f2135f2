using System.Text.Json.Serialization;

namespace Upweave.Contracts.Messages;

/// <summary>What a coordinator knows of a job. Jobs that have ended are remembered for a while.</summary>
public sealed record JobStatus
{
    public required Guid JobId { get; init; }

    public required string Output { get; init; }

    public required JobState State { get; init; }

    /// <summary>How far it is, or was when it ended.</summary>
    public required JobProgressed Progress { get; init; }

    /// <summary>Nothing more of it is sent out until somebody resumes it; false where it is not written.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Paused { get; init; }

    /// <summary>What somebody should do something about; null, and not written, when there is nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Warning { get; init; }

    /// <summary>Why it failed; null unless it did.</summary>
    public string? Reason { get; init; }

    /// <summary>What it was; null unless it is completed.</summary>
    public JobSummary? Summary { get; init; }
}

/// <summary>Whether a job is still going on, and how it ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<JobState>))]
public enum JobState
{
    [JsonStringEnumMemberName("running")]
    Running,
    [JsonStringEnumMemberName("completed")]
    Completed,
    [JsonStringEnumMemberName("failed")]
    Failed,
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,
}
