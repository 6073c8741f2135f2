using Upweave.Kernels.Phases;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// Numbers behind <see cref="DepthwiseRowsKernel{TVector, TLanes, TFunction}"/>, for layers whose x-phases all read the same columns
/// (a kernel that is a multiple of its stride, without dilation; or stride 1).
/// </summary>
/// <remarks>
/// An input row is spread: every element repeated as often as the stride says. Output j of a row then reads, for tap t, element j minus
/// t strides of that row, whatever its phase; so lanes are consecutive outputs, and a tap's weights repeat along the row with the stride as
/// their period. A spread row serves every output row that reads it.
/// </remarks>
internal sealed class DepthwiseLayout
{
    /// <summary>Spread rows stay in the first-level cache.</summary>
    private const int SpreadFloats = 7 * 1024;
    private const int SegmentLeast = 256;

    /// <summary>Of spread rows, in floats.</summary>
    private const int Alignment = 16;

    private const int WorkspaceMost = 192 * 1024;

    private readonly int[] firstOfOuter;

    private DepthwiseLayout(SpatialPhases phases, int lanes)
    {
        Phases = phases;
        Lanes = lanes;
        Stride = phases.X.Stride;
        Columns = phases.X.Taps(0).Length;
        ColumnSpan = Columns == 0 ? 0 : -phases.X.Taps(0)[^1].Offset;
        Period = Stride / Gcd(Stride, lanes);
        Pitch = Stride < lanes ? lanes : (Stride + (2 * lanes) - 2) / lanes * lanes;
        SlotsY = Span(phases.Y) + 1;
        Slots = SlotsY * Span(phases.Z);
        SharesRows = IsRegular(phases.Y) && phases.Y.Stride > 1;
        int around = ((ColumnSpan + 2) * Stride) + lanes;
        int fitting = (SpreadFloats / Slots) - around;
        int whole = Period * lanes;
        Segment = Math.Max(Math.Max(fitting, SegmentLeast) / whole, 1) * whole;
        RowPitch = (Segment + around + 15) & -16;
        RowTapsMost = Most(phases.Z) * Most(phases.Y);
        Rotations = Stride < lanes ? Stride : 1;
        ChannelLength = phases.Taps.Length / Stride * Rotations * Pitch;
        firstOfOuter = FirstOfOuter();
        WorkspaceLength = ((long)Slots * RowPitch) + (2L * RowTapsMost * Columns) + Slots + lanes + Alignment;
    }

    public SpatialPhases Phases { get; }

    public int Lanes { get; }

    /// <summary>Along x, as all that follows.</summary>
    public int Stride { get; }

    /// <summary>Taps of every phase.</summary>
    public int Columns { get; }

    /// <summary>How far a phase's last tap reads before its first.</summary>
    public int ColumnSpan { get; }

    /// <summary>After so many vectors of outputs the weights are the same again.</summary>
    public int Period { get; }

    /// <summary>Floats of a tap's weights: a vector of them, or enough for a vector that begins at any phase.</summary>
    public int Pitch { get; }

    /// <summary>
    /// Rows of a plane that are kept spread: enough for those that one output row reads to have a place each, and the next.
    /// </summary>
    public int SlotsY { get; }

    public int Slots { get; }

    public int RowPitch { get; }

    /// <summary>Outputs of a row that are computed before the next row's.</summary>
    public int Segment { get; }

    /// <summary>Whether all y-phases read the same rows, so that several output rows can share what they load.</summary>
    public bool SharesRows { get; }

    public int RowTapsMost { get; }

    /// <summary>Spread rows; a pointer per tap; a number per slot; a vector.</summary>
    public long WorkspaceLength { get; }

    /// <summary>
    /// Weights are stored once for every phase that a vector can begin at, so that vectors of them are aligned; where the stride has more
    /// phases than a vector lanes, once.
    /// </summary>
    public int Rotations { get; }

    /// <summary>Packed floats of one output channel.</summary>
    public int ChannelLength { get; }

    /// <summary>None for a layer that needs another way.</summary>
    public static DepthwiseLayout? Create(SpatialPhases phases, int lanes)
    {
        if (!IsRegular(phases.X) || (long)Span(phases.Y) * Span(phases.Z) * SegmentLeast > WorkspaceMost)
            return null;
        DepthwiseLayout layout = new(phases, lanes);
        return layout.WorkspaceLength <= WorkspaceMost ? layout : null;
    }

    /// <summary>Where the weights of an outer phase begin, in those of a channel.</summary>
    public int Outer(int phaseZ, int phaseY) => firstOfOuter[(phaseZ * Phases.Y.Stride) + phaseY];

    /// <summary>Where, from there, weights begin for a vector whose first output has this phase.</summary>
    public int Rotation(int phase, int taps) => Rotations == 1 ? phase : phase * taps * Pitch;

    /// <summary>[Cout, outer phase, rotation, tap, pitch]</summary>
    public float[] Pack(ReadOnlySpan<float> weights)
    {
        int volume = Phases.Taps.Length;
        float[] packed = new float[checked(weights.Length / volume * (long)ChannelLength)];
        Span<float> target = packed;
        for (int channel = 0; channel < weights.Length; channel += volume)
        {
            for (int outer = 0; outer < firstOfOuter.Length; outer++)
            {
                for (int rotation = 0; rotation < Rotations; rotation++)
                    target = target[PackTaps(weights.Slice(channel, volume), outer, rotation, target)..];
            }
        }

        return packed;
    }

    private int PackTaps(ReadOnlySpan<float> weights, int outer, int rotation, Span<float> target)
    {
        int next = 0;
        for (int tap = 0; tap < Phases.TapCount(outer * Stride); tap++)
        {
            for (int place = 0; place < Pitch; place++)
            {
                int phase = (rotation + place) % Stride;
                ReadOnlySpan<SpatialTap> taps = Phases.PhaseTaps(outer / Phases.Y.Stride, outer % Phases.Y.Stride, phase);
                target[next++] = weights[taps[tap].KernelIndex];
            }
        }

        return next;
    }

    private static bool IsRegular(AxisPhases axis)
    {
        for (int phase = 1; phase < axis.Stride; phase++)
        {
            if (axis.Taps(phase).Length != axis.Taps(0).Length)
                return false;
            for (int tap = 0; tap < axis.Taps(0).Length; tap++)
            {
                if (axis.Taps(phase)[tap].Offset != axis.Taps(0)[tap].Offset)
                    return false;
            }
        }

        return axis.Taps(0).Length > 0;
    }

    /// <summary>Positions from the first to the last that one output can read.</summary>
    private static int Span(AxisPhases axis)
    {
        int span = 1;
        for (int phase = 0; phase < axis.Stride; phase++)
        {
            if (axis.Taps(phase).Length > 0)
                span = Math.Max(span, axis.Taps(phase)[0].Offset - axis.Taps(phase)[^1].Offset + 1);
        }

        return span;
    }

    private static int Most(AxisPhases axis)
    {
        int most = 0;
        for (int phase = 0; phase < axis.Stride; phase++)
            most = Math.Max(most, axis.Taps(phase).Length);
        return most;
    }

    private static int Gcd(int left, int right) => right == 0 ? left : Gcd(right, left % right);

    private int[] FirstOfOuter()
    {
        int[] first = new int[Phases.Z.Stride * Phases.Y.Stride];
        for (int outer = 1; outer < first.Length; outer++)
            first[outer] = first[outer - 1] + (Phases.TapCount((outer - 1) * Stride) * Rotations * Pitch);
        return first;
    }
}
