using Upweave.Contracts.Messages;

namespace Upweave.Coordinator.Insight;

/// <summary>A tile worth looking at: it was slow, or failed.</summary>
public sealed record TileNote
{
    public required long Tile { get; init; }

    public required JobStage Stage { get; init; }

    /// <summary>The lower resolution that it is of; null for the full one.</summary>
    public int? Level { get; init; }

    /// <summary>Its box in the output, e.g. <c>y 512:1024, x 0:512</c>; null for what is no tile of the full resolution.</summary>
    public string? Box { get; init; }

    public required string Worker { get; init; }

    /// <summary>Its trace, in W3C's 32 hexadecimal digits; null when that is not kept.</summary>
    public string? TraceId { get; init; }

    /// <summary>What it took; null when it failed.</summary>
    public double? Seconds { get; init; }

    /// <summary>What it failed with; null when it was only slow, as are the next three.</summary>
    public string? Message { get; init; }

    public TileErrorKind? Kind { get; init; }

    public int? Attempt { get; init; }

    /// <summary>It is not tried again.</summary>
    public bool? IsFinal { get; init; }
}
