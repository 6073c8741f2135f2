using Upweave.Kernels.Phases;
using Upweave.Tiling;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// The copied part of one batch item's group: a ring of input rows [row][tap of z][channel][position], each row copied
/// once on the way down a segment; or, without a ring, one tap's inputs [channel][position]. What lies behind a row's
/// last input is not initialised: lanes that read it are never stored.
/// </summary>
internal unsafe struct RowsInput(RowsPlan plan, in RowsWorkspace parts, float* copy, in BoxView box, float* input)
{
    private readonly BoxView box = box;
    private readonly int ringRowLength = parts.RingRowLength;
    private readonly int tapRowLength = RowsPlan.RowLength(parts.Segment + plan.Lanes);
    private long z;
    private long y;
    private long x;
    private long first;
    private long last;
    private long filled;
    private int channel;
    private int position;
    private int length;

    /// <summary>Of the present chunk.</summary>
    public int Channels { get; private set; }

    /// <summary>Floats from one channel to the next.</summary>
    public readonly int RowLength => plan.UsesRing ? ringRowLength : tapRowLength;

    /// <summary>A new segment: nothing is copied yet.</summary>
    /// <param name="outputZ">With padBegin.</param>
    public void Restart(long outputZ, long outputX, int outputs)
    {
        z = IntegerMath.FloorDiv(outputZ, plan.Geometry.Strides[0]);
        x = IntegerMath.FloorDiv(outputX + plan.Geometry.PadsBegin[2], plan.StrideX);
        (first, long count) = plan.Geometry.ReadRange(2, outputX, outputs);
        last = first + count - 1;
        filled = long.MinValue;
    }

    /// <summary>Sees that all input rows of a program are in the ring.</summary>
    /// <param name="outputY">Of the first slot, with padBegin.</param>
    public void Fill(in RowsProgram program, long outputY)
    {
        y = IntegerMath.FloorDiv(outputY, plan.Geometry.Strides[1]);
        if (!plan.UsesRing || program.Jobs == 0)
            return;
        // Not from the first row that this program reads: where outputs lie in gaps, the next one may read rows before it.
        (long low, long rows) = plan.Geometry.ReadRange(1, outputY - plan.Geometry.PadsBegin[1], program.SlotsY);
        long end = low + rows;
        for (long row = Math.Max(filled, low); row < end; row++)
        {
            for (int tap = 0; tap < program.Z.Count; tap++)
            {
                float* source = Source(z + program.Z.Offset(tap), row, first);
                Copy(source, Slot(row, tap), GroupChannels, ringRowLength, last - first + 1);
            }
        }

        filled = end;
    }

    /// <summary>The channels and positions that <see cref="Find"/> is about.</summary>
    public void Chunk(int firstChannel, int channels, int firstPosition, int positions)
    {
        channel = firstChannel;
        Channels = channels;
        position = firstPosition;
        length = positions;
    }

    /// <summary>Whether a job reads a row of the border of zeros, which adds nothing.</summary>
    public readonly bool Skips(in RowsJob job) =>
        plan.Layer.Border == Border.Zero && (ulong)(y + job.OffsetY) >= (ulong)plan.Geometry.Input[1];

    /// <summary>The chunk's inputs for a job: [channel][position].</summary>
    public readonly float* Find(in RowsProgram program, in RowsJob job)
    {
        long row = y + job.OffsetY;
        long from = x + position + job.OffsetX;
        if (plan.UsesRing)
            return Slot(row, job.InputZ) + ((nint)channel * ringRowLength) + (nint)(from - first);
        float* source = Source(z + program.Z.Offset(job.InputZ), row, from) + (channel * box.InputChannelStride);
        Copy(source, copy, Channels, tapRowLength, Math.Min(length, last - from + 1));
        return copy;
    }

    private readonly int GroupChannels => plan.Layer.InputChannelsPerGroup;

    private readonly float* Source(long inputZ, long inputY, long inputX) =>
        input + ((nint)(inputZ - box.InputZ) * box.InputPlaneStride) + ((nint)(inputY - box.InputY) * box.InputRowStride)
        + (nint)(inputX - box.InputX);

    private readonly float* Slot(long row, int tap)
    {
        nint slot = (nint)IntegerMath.FloorMod(row, plan.RingRows);
        return copy + (((slot * plan.TapsZ) + tap) * GroupChannels * ringRowLength);
    }

    private readonly void Copy(float* source, float* target, int channels, nint rowLength, long count)
    {
        for (; channels > 0; channels--, source += box.InputChannelStride, target += rowLength)
            Buffer.MemoryCopy(source, target, sizeof(float) * rowLength, sizeof(float) * count);
    }
}
