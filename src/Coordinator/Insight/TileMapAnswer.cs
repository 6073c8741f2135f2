namespace Upweave.Coordinator.Insight;

/// <summary>
/// A slice of a job's tiles at one resolution, by cells: a row after the other. The arrays of bytes have one byte per cell, and are
/// written in base64.
/// </summary>
public sealed record TileMapAnswer
{
    /// <summary>The lower resolution that it is of; null for the full one.</summary>
    public int? Level { get; init; }

    public required int Slice { get; init; }

    /// <summary>What of the output the slice is, e.g. <c>z 0:64</c>; empty when there is one only.</summary>
    public required string SliceText { get; init; }

    /// <summary>Slices, rows and columns of cells.</summary>
    public required IReadOnlyList<int> Cells { get; init; }

    /// <summary>Slices, rows and columns of tiles.</summary>
    public required IReadOnlyList<long> Tiles { get; init; }

    /// <summary>How many slices, rows and columns of tiles a cell covers.</summary>
    public required IReadOnlyList<long> TilesPerCell { get; init; }

    /// <summary>Names of workers; the first is empty: nobody, or an earlier run.</summary>
    public required IReadOnlyList<string> Workers { get; init; }

    /// <summary>See <see cref="TileState"/>.</summary>
    public required byte[] State { get; init; }

    /// <summary>The share of the cell's tiles that is durable; 255 is all of them.</summary>
    public required byte[] Done { get; init; }

    /// <summary>The longest that one of its tiles took, as <see cref="TileSeconds"/> has it.</summary>
    public required byte[] Seconds { get; init; }

    /// <summary>Who has completed the latest of its tiles: an index into <see cref="Workers"/>; 255 for all beyond those.</summary>
    public required byte[] Worker { get; init; }
}
