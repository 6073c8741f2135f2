using Upweave.Tiling;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// The parts of a call's workspace, in floats from its first aligned one: integers of the program, the ring of input
/// rows, totals and subtotals of the rows computed together.
/// </summary>
internal readonly struct RowsWorkspace
{
    private const int LineFloats = 16;

    public RowsWorkspace(RowsPlan plan, long rows, long width)
    {
        long slotsY = Math.Min(plan.SlotsY, rows);
        long slotsX = Math.Min(plan.StrideX, width);
        long positions = IntegerMath.RoundUp(IntegerMath.CeilDiv(width, plan.StrideX), plan.Lanes);
        Segment = (int)Math.Min(plan.Segment, positions);
        Pitch = RowsPlan.RowLength(Segment);
        RingRowLength = RowsPlan.RowLength(Segment + plan.Halo + plan.Lanes);
        long slotRows = slotsY * slotsX * plan.OutputChannels;
        AxisY = RowsAxis.Length(plan.Geometry.Kernel[0], plan.Geometry.Strides[0], 1);
        AxisX = AxisY + RowsAxis.Length(plan.Geometry.Kernel[1], plan.Geometry.Strides[1], slotsY);
        Table = AxisX + RowsAxis.Length(plan.Geometry.Kernel[2], plan.Geometry.Strides[2], slotsX);
        long table = plan.UsesRing ? plan.TableLength(slotsY, slotsX) : 2 * slotRows;
        Copy = IntegerMath.RoundUp(Table + table, LineFloats);
        Totals = Copy + plan.CopyLength(Segment);
        Subtotals = Totals + (slotRows * Pitch);
        Length = checked(Subtotals + (slotRows * Pitch) + LineFloats);
    }

    /// <summary>Positions of x worked on at a time.</summary>
    public int Segment { get; }

    /// <summary>Floats from one row of totals to the next.</summary>
    public int Pitch { get; }

    /// <summary>Floats from one channel of the ring to the next.</summary>
    public int RingRowLength { get; }

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
