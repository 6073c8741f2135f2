using Upweave.Kernels.Phases;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// The cells that one z-phase, and one y-phase where y has no cells, has in a call, as columns: batch items, planes, rows of cells and
/// cells along x, one after the other. Cells at the ends may lie outside the box in part.
/// </summary>
internal readonly struct MinimalColumns
{
    private readonly int planes;
    private readonly int rows;
    private readonly int firstPlane;
    private readonly int firstRow;
    private readonly int strideZ;
    private readonly int outputsY;
    private readonly long positionZ;
    private readonly long cellY;
    private readonly long cellX;
    private readonly int positionsY;

    /// <param name="plane">The first output plane with its z-phase, counted in the box.</param>
    /// <param name="row">The first output row with its y-phase, counted in the box; 0 where y has cells.</param>
    public MinimalColumns(MinimalShape shape, in BoxView box, int batch, int plane, int row)
    {
        firstPlane = plane;
        strideZ = shape.Z.Stride;
        planes = (box.Planes - plane + strideZ - 1) / strideZ;
        (PhaseZ, positionZ) = shape.Z.Phases.Locate(box.OutputZ + plane);
        outputsY = shape.Y.Outputs;
        positionsY = shape.Y.Positions;
        cellY = shape.Y.Cell(box.OutputY + row);
        if (shape.Y.HasCells)
        {
            (int phase, long position) = shape.Y.Phases.Locate(box.OutputY);
            firstRow = -(int)(((position - (cellY * positionsY)) * shape.Y.Stride) + phase);
            rows = (int)(shape.Y.Cell(box.OutputY + box.Rows - 1) - cellY + 1);
        }
        else
        {
            OuterY = shape.Y.Phases.Locate(box.OutputY + row).Phase;
            firstRow = row;
            rows = (box.Rows - row + outputsY - 1) / outputsY;
        }

        cellX = shape.X.Cell(box.OutputX);
        (int phaseX, long positionX) = shape.X.Phases.Locate(box.OutputX);
        Skipped = (int)(((positionX - (2 * cellX)) * shape.X.Stride) + phaseX);
        PerRow = (int)(shape.X.Cell(box.OutputX + box.Width - 1) - cellX + 1);
        Count = checked((long)batch * planes * rows * PerRow);
    }

    public int PhaseZ { get; }

    /// <summary>The y-phase; 0 where y has cells.</summary>
    public int OuterY { get; }

    /// <summary>Outputs of a row's first cell that lie before the box.</summary>
    public int Skipped { get; }

    /// <summary>Cells of a row.</summary>
    public int PerRow { get; }

    public long Count { get; }

    /// <summary>Writes the runs that some columns consist of.</summary>
    /// <param name="runs">Room for one per column.</param>
    /// <returns>How many runs there are.</returns>
    public int Runs(long first, int count, Span<MinimalRun> runs)
    {
        int number = 0;
        for (int column = 0; column < count; column += runs[number++].Count)
        {
            MinimalRun run = Run(first + column);
            runs[number] = run with { Count = Math.Min(run.Count, count - column) };
        }

        return number;
    }

    /// <summary>The run of columns from here to the end of the row of cells.</summary>
    public MinimalRun Run(long column)
    {
        (long line, long inRow) = Math.DivRem(column, PerRow);
        (line, long row) = Math.DivRem(line, rows);
        (long item, long plane) = Math.DivRem(line, planes);
        return new MinimalRun(
            (int)item, (int)(firstPlane + (plane * strideZ)), positionZ + plane, (int)(firstRow + (row * outputsY)),
            (cellY + row) * positionsY, (int)inRow, 2 * (cellX + inRow), PerRow - (int)inRow);
    }
}

/// <summary>Cells of one row.</summary>
/// <param name="Plane">Of the outputs, counted in the box.</param>
/// <param name="PositionZ">The plane's position.</param>
/// <param name="Row">The first row of the cells' outputs, counted in the box; may lie outside.</param>
/// <param name="PositionY">The cells' first position on y.</param>
/// <param name="First">The first cell, counted in the row.</param>
/// <param name="PositionX">The first cell's first position on x.</param>
internal readonly record struct MinimalRun(
    int Item, int Plane, long PositionZ, int Row, long PositionY, int First, long PositionX, int Count);
