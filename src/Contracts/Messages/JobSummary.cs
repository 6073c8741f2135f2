namespace Upweave.Contracts.Messages;

/// <summary>What a finished job was.</summary>
public sealed record JobSummary
{
    public required IReadOnlyList<long> Shape { get; init; }

    public required string Dtype { get; init; }

    public required long TileCount { get; init; }

    /// <summary>Tiles that were computed in this run; the others were found done.</summary>
    public required long TilesComputed { get; init; }

    /// <summary>See <see cref="Plans.PlanPrediction.HaloShare"/>.</summary>
    public required double HaloShare { get; init; }

    public required TimeSpan Elapsed { get; init; }

    /// <summary>Time in which an input compressed as a whole was decoded; zero where there was none to decode in this run.</summary>
    public required TimeSpan Ingest { get; init; }

    /// <summary>Time in which a picture was encoded; zero where there was none to encode in this run.</summary>
    public required TimeSpan Export { get; init; }

    /// <summary>Of all tiles of this run.</summary>
    public required TileCosts Costs { get; init; }
}
