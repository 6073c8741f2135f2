using Upweave.Kernels.Phases;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// The outputs of a call that share panels, as columns: batch items, planes, rows and groups of neighbours along x, one
/// after the other. A column stands for one output of every x-phase, and of every phase of the other axes that are merged.
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
    private readonly int inputPlane;
    private readonly int inputRow;

    /// <param name="plane">The first output plane with its z-phase, counted in the box.</param>
    /// <param name="row">The first output row with its y-phase, counted in the box.</param>
    public PanelsColumns(PanelsShape shape, in BoxView box, int batch, int plane, int row)
    {
        ConvTransposeLayer layer = shape.Layer;
        SpatialPhases phases = shape.Phases;
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
        inputPlane = (int)(z - box.InputZ);
        inputRow = (int)(y - box.InputY);
        PlaceX = (int)(x - box.InputX);
        ReadOnlySpan<int> offsetsY = shape.Y.Offsets(PhaseY), offsetsX = shape.X.Offsets(PhaseX);
        IsContiguous = shape.Z.Offsets(PhaseZ).Length == 1 && offsetsY.Length == 1 && offsetsX.Length == 1
            && PlaceX + offsetsX[0] == 0 && PerRow == box.InputRowStride && box.HasInputRow(0, inputRow + offsetsY[0])
            && box.HasInputRow(0, inputRow + offsetsY[0] + rows - 1);
    }

    /// <summary>Phases of the first slots.</summary>
    public int PhaseZ { get; }

    public int PhaseY { get; }

    public int PhaseX { get; }

    /// <summary>The place of a row's first column along x, in the input box.</summary>
    public int PlaceX { get; }

    /// <summary>Columns in one row of outputs.</summary>
    public int PerRow { get; }

    public long Count { get; }

    /// <summary>
    /// Whether each column reads a single place, as where kernel and stride are equal, and those of a plane lie together.
    /// </summary>
    public bool IsContiguous { get; }

    /// <summary>Columns from here on whose places lie together: to the end of the row, or of the plane.</summary>
    public int Together(in PanelsRun run) => IsContiguous ? run.Count + ((rows - 1 - (run.InputRow - inputRow)) * PerRow) : run.Count;

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
        return new PanelsRun
        {
            InputItem = (nint)item * inputItemStride,
            InputPlane = inputPlane + (int)plane,
            InputRow = inputRow + (int)row,
            OutputItem = (nint)item * outputItemStride,
            OutputPlane = firstPlane + ((int)plane * strideZ),
            OutputRow = firstRow + ((int)row * strideY),
            First = (int)inRow,
            Count = PerRow - (int)inRow,
        };
    }
}
