using static Upweave.Tiling.IntegerMath;

namespace Upweave.Tiling;

/// <summary>
/// The spatial arithmetic of one ConvTranspose layer: which outputs there are and which inputs they need. The only
/// place where halo arithmetic is done, so planner and worker cannot disagree. One number per spatial axis, outermost
/// first. Formulas follow ONNX's ConvTranspose and PyTorch's <c>conv_transposeNd</c>.
/// </summary>
public sealed record ConvTransposeGeometry
{
    /// <summary>Spatial extents of the input, at least 1 each.</summary>
    public required Dims Input { get; init; }

    /// <summary>Kernel size per axis, at least 1.</summary>
    public required Dims Kernel { get; init; }

    /// <summary>Stride per axis, at least 1.</summary>
    public required Dims Strides { get; init; }

    /// <summary>Padding cut from the beginning of each output axis; a negative one extends it.</summary>
    public required Dims PadsBegin { get; init; }

    /// <summary>Padding cut from the end of each output axis; a negative one extends it.</summary>
    public required Dims PadsEnd { get; init; }

    /// <summary>Elements added at the end of each output axis; below the larger of stride and dilation.</summary>
    public required Dims OutputPadding { get; init; }

    /// <summary>Distance between taps; 1 is dense.</summary>
    public required Dims Dilations { get; init; }

    /// <summary>
    /// Positions per axis that are computed as one, a cell; null for single positions. Output o has the position
    /// floor((o + padBegin) / S), and cells begin at its multiples, so where they lie does not depend on any box.
    /// </summary>
    public Dims? Cell { get; init; }

    public int Rank => Input.Count;

    /// <summary>
    /// Spatial extents of the output: (in-1)*S + (K-1)*D + 1 + outputPadding - padBegin - padEnd. An extent below 1
    /// means the layer has no output; the planner rejects it.
    /// </summary>
    /// <exception cref="OverflowException">An extent does not fit in 64 bits.</exception>
    public Dims Output => Dims.Build(Rank, axis => checked(
        ((Input[axis] - 1) * Strides[axis]) + ((Kernel[axis] - 1) * Dilations[axis]) + 1
        + OutputPadding[axis] - PadsBegin[axis] - PadsEnd[axis]));

    /// <summary>
    /// The inputs that a box of outputs touches, not clamped to the array:
    /// [ceil((o0 + padBegin - (K-1)*D) / S), floor((o1-1 + padBegin) / S)] per axis, both ends included. Always
    /// sufficient. At dilation 1 exact for any box that is not empty: every position in the region is touched.
    /// Empty on an axis where no tap reaches any input position (a gap between kernels smaller than their stride).
    /// With cells of several positions a box reads what the whole cells that it lies in read.
    /// </summary>
    /// <exception cref="OverflowException">A position or an extent does not fit in 64 bits.</exception>
    public Box ReadRegion(Box output)
    {
        Dims first = Dims.Build(Rank, axis => ReadRange(axis, output.Origin[axis], output.Shape[axis]).First);
        return new Box(first, Dims.Build(Rank, axis => ReadRange(axis, output.Origin[axis], output.Shape[axis]).Count));
    }

    /// <summary>The same on one axis, for the outputs from <paramref name="origin"/> on.</summary>
    public (long First, long Count) ReadRange(int axis, long origin, long extent)
    {
        long start = checked(origin + PadsBegin[axis]);
        long end = checked(start + extent);
        if (CellOutputs(axis) is long cell && extent > 0)
        {
            start = checked(FloorDiv(start, cell) * cell);
            end = checked(CeilDiv(end, cell) * cell);
        }

        long first = CeilDiv(checked(start - ((Kernel[axis] - 1) * Dilations[axis])), Strides[axis]);
        long last = FloorDiv(end - 1, Strides[axis]);
        return (first, checked(Math.Max(0, last - first + 1)));
    }

    /// <summary>
    /// The largest shape that <see cref="ReadRegion"/> can have for an output box of this shape, wherever it lies:
    /// floor((T-1 + (K-1)*D) / S) + 1 per axis; with cells of several positions, that of all cells that T outputs can lie in.
    /// </summary>
    public Dims MaxReadShape(Dims outputShape) => Dims.Build(Rank, axis =>
    {
        long extent = outputShape[axis];
        long reach = checked((Kernel[axis] - 1) * Dilations[axis]);
        if (CellOutputs(axis) is not long cell)
            return FloorDiv(checked(extent - 1 + reach), Strides[axis]) + 1;
        long cells = CeilDiv(checked(extent - 1), cell) + 1;
        return checked((cells * Cell!.Value[axis]) - CeilDiv(-reach, Strides[axis]));
    });

    /// <summary>
    /// The part of <see cref="ReadRegion"/> that lies in the array when the border is zero: positions outside count
    /// as +0 and are not read.
    /// </summary>
    public Box ClipToInput(Box region) => region.Intersect(Box.Whole(Input));

    /// <summary>
    /// The elements of the array that a read region draws on when the border is replicate: a position outside reads
    /// the nearest element, so a region wholly outside still needs the edge.
    /// </summary>
    public Box ClampToInput(Box region)
    {
        long Clamp(long position, int axis) => Math.Clamp(position, 0, Input[axis] - 1);
        Dims origin = Dims.Build(Rank, axis => Clamp(region.Origin[axis], axis));
        return new Box(origin, Dims.Build(Rank, axis =>
            region.Shape[axis] == 0 ? 0 : Clamp(region.End(axis) - 1, axis) - origin[axis] + 1));
    }

    /// <summary>Outputs of a cell on an axis; null where a cell is one position.</summary>
    private long? CellOutputs(int axis) => Cell is Dims cell && cell[axis] > 1 ? checked(cell[axis] * Strides[axis]) : null;
}
