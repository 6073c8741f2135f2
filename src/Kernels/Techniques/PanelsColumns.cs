using Upweave.Kernels.Phases;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// The outputs of one z-phase and one y-phase in a call, as columns: batch items, planes, rows and groups of
/// neighbours along x, one after the other. A column stands for one output of every x-phase.
/// </summary>
internal readonly struct PanelsColumns
{
    private readonly BoxView box;
    private readonly nint inputItemStride;
    private readonly nint outputItemStride;
    private readonly int firstPlane;
    private readonly int firstRow;
    private readonly int strideZ;
    private readonly int strideY;
    private readonly int planes;
    private readonly int rows;
    private readonly nint inputStart;

    /// <param name="plane">The first output plane with its z-phase, counted in the box.</param>
    /// <param name="row">The first output row with its y-phase, counted in the box.</param>
    public PanelsColumns(ConvTransposeLayer layer, SpatialPhases phases, in BoxView box, int batch, int plane, int row)
    {
        this.box = box;
        firstPlane = plane;
        firstRow = row;
        strideZ = phases.Z.Stride;
        strideY = phases.Y.Stride;
        inputItemStride = layer.InputChannels * box.InputChannelStride;
        outputItemStride = layer.OutputChannels * box.OutputChannelStride;
        planes = (box.Planes - plane + strideZ - 1) / strideZ;
        rows = (box.Rows - row + strideY - 1) / strideY;
        PerRow = (box.Width + phases.X.Stride - 1) / phases.X.Stride;
        Count = checked((long)batch * planes * rows * PerRow);
        (PhaseZ, long z) = phases.Z.Locate(box.OutputZ + plane);
        (PhaseY, long y) = phases.Y.Locate(box.OutputY + row);
        (PhaseX, long x) = phases.X.Locate(box.OutputX);
        inputStart = (nint)(((z - box.InputZ) * box.InputPlaneStride) + ((y - box.InputY) * box.InputRowStride));
        PlaceX = (int)(x - box.InputX);
    }

    public int PhaseZ { get; }

    public int PhaseY { get; }

    /// <summary>The x-phase of the first output of a row.</summary>
    public int PhaseX { get; }

    /// <summary>The place of a row's first column along x, in the input box.</summary>
    public int PlaceX { get; }

    /// <summary>Columns in one row of outputs.</summary>
    public int PerRow { get; }

    public long Count { get; }

    /// <summary>Writes the runs that some columns consist of.</summary>
    /// <param name="runs">Room for one per column.</param>
    /// <returns>How many runs there are.</returns>
    public int Runs(long first, int count, Span<PanelsRun> runs)
    {
        int number = 0;
        for (int column = 0; column < count; column += runs[number++].Count)
        {
            PanelsRun run = Run(first + column);
            runs[number] = run with { Count = Math.Min(run.Count, count - column) };
        }

        return number;
    }

    /// <summary>The run of columns from here to the end of the row.</summary>
    public PanelsRun Run(long column)
    {
        (long line, long inRow) = Math.DivRem(column, PerRow);
        (long plane, long row) = Math.DivRem(line, rows);
        (long item, plane) = Math.DivRem(plane, planes);
        nint input = inputStart + ((nint)item * inputItemStride) + ((nint)plane * box.InputPlaneStride)
            + ((nint)row * box.InputRowStride);
        nint output = ((nint)item * outputItemStride)
            + ((((firstPlane + ((nint)plane * strideZ)) * box.Rows) + firstRow + ((nint)row * strideY)) * box.Width);
        return new PanelsRun(input, output, (int)inRow, PerRow - (int)inRow);
    }
}

/// <summary>Columns of one row.</summary>
/// <param name="InputRow">Where the row of inputs at their own position begins (x = 0 of the input box), in elements.</param>
/// <param name="OutputRow">Where the row of outputs begins, in elements.</param>
/// <param name="First">The first column, counted in the row.</param>
internal readonly record struct PanelsRun(nint InputRow, nint OutputRow, int First, int Count);
