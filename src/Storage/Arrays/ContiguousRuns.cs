using Upweave.Tiling;

namespace Upweave.Storage.Arrays;

/// <summary>Where the elements of a box lie in an array of C order: runs of one length, counted in elements.</summary>
internal sealed class ContiguousRuns
{
    private readonly Dims shape;
    private readonly long[] strides;

    public ContiguousRuns(Dims shape)
    {
        this.shape = shape;
        strides = StridedCopy.Strides(shape);
    }

    /// <summary>Elements in a run.</summary>
    public long Length(Box box) => box.Shape.From(FirstInnerAxis(box)).Volume;

    /// <summary>Runs in a box.</summary>
    public long Count(Box box) => box.Volume / Length(box);

    /// <summary>Where each run begins in the array, in the order of the box's elements.</summary>
    public IEnumerable<long> Starts(Box box)
    {
        int inner = FirstInnerAxis(box);
        Dims outer = Dims.Create(box.Shape.AsSpan()[..inner]);
        TileGrid grid = new(outer, Dims.Repeat(1, inner));
        for (long index = 0; index < grid.Count; index++)
        {
            Dims at = grid[index].Origin;
            long start = 0;
            for (int axis = 0; axis < box.Rank; axis++)
            {
                start += (box.Origin[axis] + (axis < inner ? at[axis] : 0)) * strides[axis];
            }

            yield return start;
        }
    }

    /// <summary>
    /// The outermost axis of a run: all axes within are whole. The run goes on outwards over axes that are whole, then one
    /// that is partial, then those of which the box has a single index.
    /// </summary>
    private int FirstInnerAxis(Box box)
    {
        int axis = shape.Count;
        bool isWhole = true;
        while (axis > 0 && (isWhole || box.Shape[axis - 1] == 1))
        {
            axis--;
            isWhole &= box.Shape[axis] == shape[axis];
        }

        return axis;
    }
}
