using Upweave.Tiling;
using static Upweave.Tiling.IntegerMath;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// How a layer is cut for this technique, whatever the box: slots of y and output channels computed together, and
/// positions of a segment. Everything is counted in floats; the ring is meant for the second-level cache, a strip of a
/// segment for the first.
/// </summary>
internal sealed class RowsPlan
{
    private const int LineFloats = 16;
    private const int RowsMost = 48;
    private const int RowsLeast = 4;
    private const int RingFloats = 64 * 1024;
    private const int RingFloatsMost = 160 * 1024;
    private const int TotalsFloats = 12 * 1024;
    private const int TableIntegersMost = 32 * 1024;
    private const int StripFloats = 5 * 1024;
    private const int SegmentMost = 512;
    private const int SegmentWorthwhile = 64;
    private const int StripVectorsLeast = 4;

    public RowsPlan(ConvTransposeLayer layer, int lanes)
    {
        Layer = layer;
        Lanes = lanes;
        Geometry = ThreeAxes.Lift(layer.Geometry);
        StrideX = Geometry.Strides[2];
        long channels = Math.Clamp(RowsMost / StrideX, 1, layer.OutputChannelsPerGroup);
        OutputChannels = (int)CeilDiv(layer.OutputChannelsPerGroup, CeilDiv(layer.OutputChannelsPerGroup, channels));
        SlotsY = ChooseSlotsY(StrideX * OutputChannels, Geometry.Strides[1]);
        Rows = checked((int)(SlotsY * OutputChannels * StrideX));
        Halo = checked((int)CeilDiv((Geometry.Kernel[2] - 1) * Geometry.Dilations[2], StrideX) + 1);
        ChannelsPerBlock = DirectArithmetic.ChannelsPerBlock(layer);
        RingRows = checked((int)(FloorDiv(SlotsY - 1 + Reach(1), Geometry.Strides[1]) + 1));
        TapsZ = (int)Math.Min(Geometry.Kernel[0], FloorDiv(Reach(0), Geometry.Strides[0]) + 1);
        bool fits = RingLength(SegmentWorthwhile) <= RingFloatsMost && TableLength(SlotsY, StrideX) <= TableIntegersMost;
        UsesRing = fits;
        Segment = ChooseSegment();
        Strip = (int)Math.Min(Segment, Math.Max(StripVectorsLeast * lanes, RoundUp(StripFloats / ChannelsPerBlock, 2 * lanes)));
    }

    public ConvTransposeLayer Layer { get; }

    public int Lanes { get; }

    /// <summary>With three axes.</summary>
    public ConvTransposeGeometry Geometry { get; }

    public long StrideX { get; }

    /// <summary>Output channels of a group computed together.</summary>
    public int OutputChannels { get; }

    /// <summary>Consecutive output rows computed together.</summary>
    public int SlotsY { get; }

    /// <summary>Rows of totals: slots of y times output channels times slots of x.</summary>
    public int Rows { get; }

    /// <summary>Positions that a segment reads beyond its own.</summary>
    public int Halo { get; }

    public int ChannelsPerBlock { get; }

    /// <summary>Input rows that the slots of y read at most.</summary>
    public int RingRows { get; }

    /// <summary>Taps of z that one output has at most.</summary>
    public int TapsZ { get; }

    /// <summary>
    /// Whether the input rows of all channels fit into the ring. Otherwise each tap's inputs are copied by themselves:
    /// slower, and possible for every layer.
    /// </summary>
    public bool UsesRing { get; }

    /// <summary>Positions of x worked on at a time.</summary>
    public int Segment { get; }

    /// <summary>Positions of a segment worked on at a time, for one chunk of channels.</summary>
    public int Strip { get; }

    /// <summary>Floats from one channel to the next: an odd number of cache lines, so that channels spread over a cache.</summary>
    public static int RowLength(long positions) => checked((int)(LineFloats * (CeilDiv(positions, LineFloats) | 1)));

    /// <summary>Floats of the ring, or of the copy of one tap's inputs.</summary>
    public long CopyLength(long segment) => UsesRing ? RingLength(segment) : (long)ChannelsPerBlock * RowLength(segment + Lanes);

    /// <summary>Integers that describe all taps of the rows computed together; never fewer for more slots.</summary>
    public long TableLength(long slotsY, long slotsX)
    {
        long taps = checked(TapsZ * EntriesMost(1, slotsY) * EntriesMost(2, slotsX));
        return checked((taps * 2 * OutputChannels) + (taps * RowsProgram.JobIntegers));
    }

    /// <summary>Pairs of a tap and a slot on an axis.</summary>
    public long EntriesMost(int axis, long slots) => checked(Geometry.Kernel[axis] * CeilDiv(slots, Geometry.Strides[axis]));

    private static int ChooseSlotsY(long rowsPerSlot, long stride)
    {
        if (rowsPerSlot * stride <= RowsMost)
            return (int)(stride * CeilDiv(RowsLeast, rowsPerSlot * stride));
        long slots = Math.Max(1, RowsMost / rowsPerSlot);
        while (stride % slots != 0)
            slots--;
        return (int)slots;
    }

    private long Reach(int axis) => (Geometry.Kernel[axis] - 1) * Geometry.Dilations[axis];

    private long RingLength(long segment) =>
        checked((long)RingRows * TapsZ * Layer.InputChannelsPerGroup * RowLength(RoundUp(segment, Lanes) + Halo + Lanes));

    private int ChooseSegment()
    {
        long least = Math.Max(SegmentWorthwhile, Lanes);
        long segment = Math.Min(SegmentMost, TotalsFloats / Rows / Lanes * Lanes);
        if (segment < least)
            return Rows > RowsMost ? Lanes : (int)least;
        while (UsesRing && segment > least && RingLength(segment) > RingFloats)
            segment -= Lanes;
        return (int)segment;
    }
}
