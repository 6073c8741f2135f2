using Upweave.Kernels.Phases;
using Upweave.Tiling;

namespace Upweave.Kernels.Techniques;

/// <summary>What stays the same for one phase of the axes without cells, in a call.</summary>
internal readonly unsafe struct MinimalCall(
    MinimalShape shape, Box inputBox, BoxView box, MinimalColumns columns, float* inputs, float* outputs, float* work, float* packed)
{
    public readonly Box InputBox = inputBox;
    public readonly BoxView Box = box;
    public readonly MinimalColumns Columns = columns;
    public readonly float* Inputs = inputs;
    public readonly float* Outputs = outputs;
    public readonly float* Packed = packed;

    /// <summary>For every column of a panel, not 0 where its cell is not finite.</summary>
    public readonly int* Marks = (int*)work;

    /// <summary>The other parts of the workspace.</summary>
    public readonly float* Panel = work + shape.MarksLength;
    public readonly float* Sums = work + shape.MarksLength + shape.PanelLength;
    public readonly float* Subtotals = work + shape.MarksLength + shape.PanelLength + shape.PointsLength;
    public readonly float* Totals = work + shape.MarksLength + shape.PanelLength + shape.PointsLength + shape.SubtotalsLength;

    /// <summary>In place of all but the marks, when a panel is done with.</summary>
    public readonly float* Repaired = work + shape.MarksLength;

    /// <summary>Marks the cells of which a total of a phase is not finite.</summary>
    /// <param name="rows">Output channels that are there.</param>
    /// <param name="columns">Cells that are there.</param>
    /// <returns>Whether there is any.</returns>
    public bool Mark(int rows, int phaseX, int columns)
    {
        bool any = false;
        for (int position = 0; position < shape.Y.Positions; position++)
        {
            for (int row = 0; row < rows; row++)
            {
                for (int x = phaseX; x < shape.X.Outputs; x += shape.X.Stride)
                {
                    float* totals = Totals + (((((nint)position * shape.TileRows) + row) * shape.X.Outputs + x) * shape.Columns);
                    for (int column = 0; column < columns; column++)
                    {
                        if (float.IsFinite(totals[column]))
                            continue;
                        Marks[column] = 1;
                        any = true;
                    }
                }
            }
        }

        return any;
    }
}
