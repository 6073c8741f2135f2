using Upweave.Tiling;

namespace Upweave.Coordinator.Insight;

/// <summary>
/// Lays the tiles of an output out as slices of rows and columns, several tiles a cell where there are too many to show. Columns are
/// tiles along x, rows along y, slices along all other axes together.
/// </summary>
public sealed class TileMapShape
{
    /// <summary>The most cells of a map, at full resolution; each lower one may have half as many, so all of them twice as many.</summary>
    public const int CellsMax = 1 << 16;

    private readonly TileGrid grid;
    private readonly string axes;

    /// <param name="axes">One letter per axis; the last two are <c>yx</c>, or the last is <c>x</c>.</param>
    /// <param name="cellsMax">The most cells.</param>
    public TileMapShape(TileGrid grid, string axes, int cellsMax = CellsMax)
    {
        this.grid = grid;
        this.axes = axes;
        int rank = grid.Counts.Count;
        bool hasRows = axes.Contains('y', StringComparison.Ordinal);
        Columns = grid.Counts[rank - 1];
        Rows = hasRows ? grid.Counts[rank - 2] : 1;
        Slices = grid.Count / Columns / Rows;
        TilesPerCell = Fit([Slices, Rows, Columns], cellsMax);
        Cells = [.. TilesPerCell.Zip([Slices, Rows, Columns], (of, all) => (int)IntegerMath.CeilDiv(all, of))];
    }

    public TileGrid Grid => grid;

    /// <summary>Tiles along x.</summary>
    public long Columns { get; }

    /// <summary>Tiles along y.</summary>
    public long Rows { get; }

    /// <summary>Tiles along all other axes.</summary>
    public long Slices { get; }

    /// <summary>How many slices, rows and columns of tiles a cell covers.</summary>
    public IReadOnlyList<long> TilesPerCell { get; }

    /// <summary>Slices, rows and columns of cells.</summary>
    public IReadOnlyList<int> Cells { get; }

    /// <summary>Cells of one slice of cells.</summary>
    public int SliceCells => Cells[1] * Cells[2];

    /// <summary>The cell that a tile lies in, over all slices, in C order.</summary>
    public int CellOf(long tile)
    {
        (long line, long column) = Math.DivRem(tile, Columns);
        (long slice, long row) = Math.DivRem(line, Rows);
        return (int)((((slice / TilesPerCell[0] * Cells[1]) + (row / TilesPerCell[1])) * Cells[2]) + (column / TilesPerCell[2]));
    }

    /// <summary>Tiles in a cell; fewer at the far edges.</summary>
    public long TilesIn(int cell)
    {
        (int line, int column) = Math.DivRem(cell, Cells[2]);
        (int slice, int row) = Math.DivRem(line, Cells[1]);
        return Extent(slice, 0, Slices) * Extent(row, 1, Rows) * Extent(column, 2, Columns);
    }

    /// <summary>What of the output a slice of cells shows, e.g. <c>z 0:64</c>; empty when it is all there is.</summary>
    public string TextOf(int slice)
    {
        if (Cells[0] == 1)
            return "";
        int[] sliced = [.. Enumerable.Range(0, axes.Length).Where(axis => axes[axis] is not ('y' or 'x') && grid.Counts[axis] > 1)];
        if (sliced is not [int only])
            return $"slice {slice + 1} of {Cells[0]}";
        long first = slice * TilesPerCell[0] * grid.Tile[only];
        return $"{axes[only]} {first}:{Math.Min(grid.Shape[only], first + (TilesPerCell[0] * grid.Tile[only]))}";
    }

    /// <summary>The box of a tile, e.g. <c>c 0:3, y 512:1024, x 0:512</c>.</summary>
    public string BoxOf(long tile)
    {
        Box box = grid[tile];
        return string.Join(", ", axes.Select((axis, at) => $"{axis} {box.Origin[at]}:{box.End(at)}"));
    }

    private long Extent(int cell, int axis, long tiles) => Math.Min(TilesPerCell[axis], tiles - (cell * TilesPerCell[axis]));

    /// <summary>Doubles what a cell covers along whichever axis has most cells, until they are few enough.</summary>
    private static long[] Fit(long[] tiles, int cellsMax)
    {
        long[] covered = [1, 1, 1];
        while (true)
        {
            long[] cells = [.. tiles.Zip(covered, IntegerMath.CeilDiv)];
            if (cells.Aggregate(1.0, (product, count) => product * count) <= cellsMax)
                return covered;
            covered[Array.IndexOf(cells, cells.Max())] *= 2;
        }
    }
}
