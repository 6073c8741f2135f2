using Upweave.Tiling;
using static Upweave.Tiling.IntegerMath;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// How a layer is cut for this technique, whatever the box: slots of y and output channels computed together, and the
/// most positions of a segment. Everything is counted in floats; the ring is meant for the second-level cache, a strip
/// of a segment for the first.
/// </summary>
internal sealed class RowsPlan
{
    private const int LineFloats = 16;
    private const int RowsMost = 64;
    private const int RowsLeast = 4;
    private const int RingFloats = 128 * 1024;
    private const int RingFloatsOfManyRows = 64 * 1024;
    private const int RingFloatsMost = 160 * 1024;
    private const int TotalsFloats = 12 * 1024;
    private const int TableIntegersMost = 32 * 1024;
    private const int StripFloats = 8 * 1024;
    private const int StripVectorsLeast = 4;
    private const int StripVectorsMost = RowsForms.VectorsMost * 2 / 3;
    private const int BandWorthwhile = 12;
    private const int BandMost = 8;
    private const int SegmentMost = 640;
    private const int SegmentWorthwhile = 64;

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
        Before = checked((int)FloorDiv(Reach(2), StrideX));
        RowsBefore = checked((int)FloorDiv(Reach(1), Geometry.Strides[1]));
        ChannelsPerBlock = DirectArithmetic.ChannelsPerBlock(layer);
        TapsZ = (int)Math.Min(Geometry.Kernel[0], FloorDiv(Reach(0), Geometry.Strides[0]) + 1);
        UsesRing = RingLength(SegmentWorthwhile, 1) <= RingFloatsMost && TableLength(SlotsY, StrideX) <= TableIntegersMost;
        Segment = ChooseSegment();
        StripVectors = (int)Math.Clamp(StripFloats / ChannelsPerBlock / lanes, StripVectorsLeast, StripVectorsMost);
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

    /// <summary>Positions that an output's taps reach back on x.</summary>
    public int Before { get; }

    /// <summary>
    /// Floats before a ring's row for them. Where rows are computed one by one it is whole cache lines, so that most rows of totals
    /// read their inputs from the beginning of a line.
    /// </summary>
    public int Margin(long band) => band > 1 ? Before : (int)RoundUp(Before, LineFloats);

    /// <summary>Input rows that an output's taps reach back.</summary>
    public int RowsBefore { get; }

    public int ChannelsPerBlock { get; }

    /// <summary>Blocks of channels.</summary>
    public int Chunks => (int)CeilDiv(Layer.InputChannelsPerGroup, ChannelsPerBlock);

    /// <summary>Taps of z that one output has at most.</summary>
    public int TapsZ { get; }

    /// <summary>
    /// Whether the input rows of all channels fit into the ring. Otherwise each tap's inputs are copied by themselves:
    /// slower, and possible for every layer.
    /// </summary>
    public bool UsesRing { get; }

    /// <summary>Positions of x worked on at a time, at most.</summary>
    public int Segment { get; }

    /// <summary>Vectors worked on at a time, for one chunk of channels: about.</summary>
    public int StripVectors { get; }

    /// <summary>Floats from one channel to the next: an odd number of cache lines, so that channels spread over a cache.</summary>
    public static int RowLength(long positions) => checked((int)(LineFloats * (CeilDiv(positions, LineFloats) | 1)));

    /// <summary>Input rows that the slots of a band read at most.</summary>
    public long RingRows(long band) => FloorDiv((band * SlotsY) - 1 + Reach(1), Geometry.Strides[1]) + 1;

    /// <summary>Floats from one row of the ring to the next. A band's rows follow each other, so that lanes run over them.</summary>
    public int RingPitch(long segment, long band) =>
        checked((int)(band > 1 ? segment + Before : Margin(1) + RoundUp(segment, LineFloats)));

    /// <summary>Floats of the ring, with what the last vector reads behind it.</summary>
    public long RingLength(long segment, long band) =>
        checked((TapsZ * Layer.InputChannelsPerGroup * (long)RowLength(RingRows(band) * RingPitch(segment, band))) + Lanes);

    /// <summary>Floats of the ring, or of the copy of one tap's inputs; for every box.</summary>
    public long CopyCapacity => UsesRing
        ? Math.Max(RingAim, RingLength(Segment, 1)) : (long)ChannelsPerBlock * RowLength(Segment + Lanes);

    /// <summary>Floats of the totals, for every box.</summary>
    public long TotalsCapacity => Math.Max(TotalsFloats, (long)Rows * RowLength(RoundUp(Segment, Lanes)));

    /// <summary>
    /// Slots of y times how many are computed together, for a segment that is a whole row of a box: where inputs are narrow, lanes
    /// run on over the end of a row, and what they compute between rows is not stored. Not more of them than fill the vectors well,
    /// so that while one band is computed the next one's inputs can be asked for.
    /// </summary>
    public int ChooseBand(long segment, long rows)
    {
        bool wastesLanes = RoundUp(segment, Lanes) * BandWorthwhile > segment * (BandWorthwhile + 1);
        if (!UsesRing || SlotsY != Geometry.Strides[1] || !wastesLanes)
            return 1;
        long band = Math.Clamp(rows / SlotsY, 1, BandMost);
        while (band > 1 && (RingLength(segment, band) > RingAim
            || Rows * (long)RowLength(RoundUp(band * RingPitch(segment, band), Lanes)) > TotalsFloats))
        {
            band--;
        }

        return (int)band;
    }

    /// <summary>Integers that describe all taps of the rows computed together; never fewer for more slots.</summary>
    public long TableLength(long slotsY, long slotsX)
    {
        long taps = checked(TapsZ * EntriesMost(1, slotsY) * EntriesMost(2, slotsX));
        return checked((taps * 2 * OutputChannels) + (taps * RowsProgram.JobIntegers));
    }

    /// <summary>Pairs of a tap and a slot on an axis.</summary>
    public long EntriesMost(int axis, long slots) => checked(Geometry.Kernel[axis] * CeilDiv(slots, Geometry.Strides[axis]));

    /// <summary>Slots of y from an output on, so that the next ones begin with a phase that makes them read the fewest inputs.</summary>
    /// <param name="outputY">With padBegin.</param>
    public long SlotsFrom(long outputY)
    {
        long unit = Math.Min(SlotsY, Geometry.Strides[1]);
        long phase = FloorMod(outputY, unit);
        return phase == 0 ? SlotsY : unit - phase;
    }

    private static int ChooseSlotsY(long rowsPerSlot, long stride)
    {
        if (rowsPerSlot * stride <= RowsMost)
            return (int)(stride * CeilDiv(RowsLeast, rowsPerSlot * stride));
        long slots = Math.Max(1, RowsMost / rowsPerSlot);
        while (stride % slots != 0)
            slots--;
        return (int)slots;
    }

    private int RingAim => Rows > RowsMost ? RingFloatsOfManyRows : RingFloats;

    private long Reach(int axis) => (Geometry.Kernel[axis] - 1) * Geometry.Dilations[axis];

    private int ChooseSegment()
    {
        long least = Math.Max(SegmentWorthwhile, Lanes);
        long segment = Math.Min(SegmentMost, TotalsFloats / Rows / Lanes * Lanes);
        if (segment < least)
            return Rows > RowsMost ? Lanes : (int)least;
        while (UsesRing && segment > least && RingLength(segment, 1) > RingAim)
            segment -= Lanes;
        return (int)segment;
    }
}
