namespace Upweave.Contracts.Plans;

/// <summary>Where the output's elements lie in the world, for the formats that say so.</summary>
public sealed record PlannedSpace
{
    /// <summary>The spatial axes, e.g. <c>zyx</c>.</summary>
    public required string Axes { get; init; }

    /// <summary>One row per world axis: a number per index axis, then the coordinate of the first element's centre.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Affine { get; init; }

    /// <summary>A unit per axis, e.g. <c>micrometer</c>; null where unknown.</summary>
    public required IReadOnlyList<string?> Units { get; init; }

    /// <summary>What the world is, by NIfTI's names, e.g. <c>mni</c>; null where unknown.</summary>
    public string? Frame { get; init; }

    /// <summary>GeoTIFF's key directory; null where there is no coordinate system of the earth.</summary>
    public IReadOnlyList<int>? GeoKeys { get; init; }

    public IReadOnlyList<double>? GeoDoubles { get; init; }

    public string? GeoText { get; init; }

    /// <summary>The value of elements that say nothing, in GDAL's notation.</summary>
    public string? NoData { get; init; }
}
