using Upweave.Coordinator.Jobs;

namespace Upweave.Coordinator.Insight;

/// <summary>What <see cref="JobInsight"/> has to say at one moment.</summary>
public sealed record InsightView
{
    public required TilesAside Aside { get; init; }

    /// <summary>Of the last seconds.</summary>
    public required double TilesPerSecond { get; init; }

    /// <summary>Tiles completed in each step of the run; the last one is not over yet.</summary>
    public required IReadOnlyList<long> Steps { get; init; }

    public required double StepSeconds { get; init; }

    /// <summary>Those with most tiles first.</summary>
    public required IReadOnlyList<WorkerNote> Workers { get; init; }

    /// <summary>The longest first.</summary>
    public required IReadOnlyList<TileNote> Slowest { get; init; }

    /// <summary>Those that have failed for good, then those that are tried again, the latest first.</summary>
    public required IReadOnlyList<TileNote> Failures { get; init; }
}
