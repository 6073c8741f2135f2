using Upweave.Tiling;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// How a box is cut, and the parts of a call's workspace, in floats from its first aligned one: integers of the program, the ring
/// of input rows, totals and subtotals of the rows computed together. The parts are as long for every box.
/// </summary>
internal readonly struct RowsWorkspace
{
    private const int LineFloats = 16;

    public RowsWorkspace(RowsPlan plan, long rows, long width)
    {
        long positions = IntegerMath.CeilDiv(width + plan.StrideX - 1, plan.StrideX);
        long segments = IntegerMath.CeilDiv(positions, plan.Segment);
        long segment = IntegerMath.CeilDiv(positions, segments);
        Segment = (int)(segments == 1 ? segment : IntegerMath.RoundUp(segment, plan.Lanes));
        Band = segments == 1 ? plan.ChooseBand(segment, rows) : 1;
        RingRows = (int)plan.RingRows(Band);
        RingPitch = plan.RingPitch(Segment, Band);
        ChannelPitch = RowsPlan.RowLength(plan.UsesRing ? RingRows * RingPitch : plan.Segment + plan.Lanes);
        Pitch = RowsPlan.RowLength(IntegerMath.RoundUp(((Band - 1) * RingPitch) + Segment, plan.Lanes));
        AxisY = RowsAxis.Length(plan.Geometry.Kernel[0], plan.Geometry.Strides[0], 1);
        AxisX = AxisY + RowsAxis.Length(plan.Geometry.Kernel[1], plan.Geometry.Strides[1], plan.SlotsY);
        Table = AxisX + RowsAxis.Length(plan.Geometry.Kernel[2], plan.StrideX, plan.StrideX);
        long table = plan.UsesRing ? plan.TableLength(plan.SlotsY, plan.StrideX) : 2 * plan.Rows;
        Copy = IntegerMath.RoundUp(Table + table, LineFloats);
        Totals = Copy + IntegerMath.RoundUp(plan.CopyCapacity, LineFloats);
        Subtotals = Totals + plan.TotalsCapacity;
        Length = checked(Subtotals + plan.TotalsCapacity + LineFloats);
    }

    /// <summary>Positions of x worked on at a time.</summary>
    public int Segment { get; }

    /// <summary>How many times the slots of y are computed together, at most.</summary>
    public int Band { get; }

    public int RingRows { get; }

    /// <summary>Floats from one row of the ring to the next.</summary>
    public int RingPitch { get; }

    /// <summary>Floats from one channel of the copy to the next.</summary>
    public int ChannelPitch { get; }

    /// <summary>Floats from one row of totals to the next.</summary>
    public int Pitch { get; }

    /// <summary>The axis of z lies at 0.</summary>
    public long AxisY { get; }

    public long AxisX { get; }

    public long Table { get; }

    public long Copy { get; }

    public long Totals { get; }

    public long Subtotals { get; }

    /// <summary>Of everything, with what alignment may take.</summary>
    public long Length { get; }
}
