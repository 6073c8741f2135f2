namespace Upweave.Kernels.Gpu.Techniques;

/// <summary>How many cells a call has, and what they take of the stream's memory.</summary>
internal readonly struct MinimalPlaces
{
    public MinimalPlaces(ConvTransposeLayer layer, MinimalLayout layout, GpuBox box)
    {
        CellsX = Cells(box.OutputX, box.PhaseX, box.OddX, layout.StrideX);
        long cellsY = Cells(box.OutputY, box.PhaseY, box.OddY, layout.StrideY);
        long rowsY = layout.IsPairedY ? cellsY : (box.OutputY + layout.StrideY - 1) / layout.StrideY;
        long positionsZ = (box.OutputZ + layout.StrideZ - 1) / layout.StrideZ;
        InputRows = box.InputZ * (layout.IsPairedY ? cellsY : box.InputY);
        Columns = box.Batch * positionsZ * rowsY * CellsX;
        Marks = layout.Phases * Columns * layer.Groups;
        LineFloats = (long)layout.LinesY * layout.LinesX * box.Batch * layer.InputChannels * InputRows * CellsX;
        SumFloats = layout.SumsPerColumn * Columns;
    }

    public long CellsX { get; }

    /// <summary>Rows of transformed inputs per channel, over all planes.</summary>
    public long InputRows { get; }

    /// <summary>Of the phase of the other axes that has most.</summary>
    public long Columns { get; }

    public long Marks { get; }

    public long LineFloats { get; }

    public long SumFloats { get; }

    private static long Cells(long extent, long phase, long odd, long stride) => ((odd + ((phase + extent - 1) / stride)) / 2) + 1;
}
