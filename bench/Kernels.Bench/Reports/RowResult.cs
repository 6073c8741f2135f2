namespace Upweave.Bench.Reports;

/// <summary>What was measured of one row. Numbers are null where the row did not run; <see cref="Note"/> says why.</summary>
internal sealed record RowResult
{
    public required string Name { get; init; }

    public required bool IsComputeBound { get; init; }

    public string? Technique { get; init; }

    public double? Milliseconds { get; init; }

    public IReadOnlyList<PeerResult> Peers { get; init; } = [];

    public string? BestPeer { get; init; }

    public double? BestPeerMilliseconds { get; init; }

    /// <summary>Best peer's time over ours: above 1 we are faster.</summary>
    public double? Ratio { get; init; }

    /// <summary>All taps counted, also those that padding crops.</summary>
    public double? GigaflopsPerSecond { get; init; }

    /// <summary>Of the FMA peak, without the cropped taps.</summary>
    public double? PercentOfPeak { get; init; }

    /// <summary>Input, output and weights once, of the copy bandwidth.</summary>
    public double? PercentOfCopy { get; init; }

    /// <summary>The larger of both shares' times at 100 percent.</summary>
    public required double RoofMilliseconds { get; init; }

    public double? RelativeRmsError { get; init; }

    public long? AllocatedBytesPerCall { get; init; }

    public long? WorkspaceBytes { get; init; }

    public string? Note { get; init; }
}
