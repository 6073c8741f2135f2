namespace Upweave.Storage.Arrays;

/// <summary>
/// The keys of a GeoTIFF (OGC 19-008r4), carried as they are: they name the coordinate system, not the grid. The grid is in the
/// <see cref="ArraySpace"/>.
/// </summary>
public sealed record GeoReference
{
    /// <summary>Tag 34735, GeoKeyDirectory.</summary>
    public IReadOnlyList<ushort> Keys { get; init; } = [];

    /// <summary>Tag 34736, GeoDoubleParams.</summary>
    public IReadOnlyList<double> Doubles { get; init; } = [];

    /// <summary>Tag 34737, GeoAsciiParams.</summary>
    public string Text { get; init; } = "";

    /// <summary>Tag 42113, GDAL_NODATA: the value of elements that say nothing; null where there is none.</summary>
    public string? NoData { get; init; }
}
