namespace Upweave.Contracts.Messages;

/// <summary>How far a job is.</summary>
public sealed record JobProgressed
{
    public required Guid JobId { get; init; }

    /// <summary>What is going on now.</summary>
    public required JobStage Stage { get; init; }

    public required long TilesDone { get; init; }

    public required long TileCount { get; init; }

    /// <summary>Bytes of output that are durable, uncompressed, written since the job was started or resumed.</summary>
    public required long BytesWritten { get; init; }

    /// <summary>Time since the job was started or resumed.</summary>
    public required TimeSpan Elapsed { get; init; }
}
