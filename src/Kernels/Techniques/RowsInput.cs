using Upweave.Kernels.Phases;
using Upweave.Tiling;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// The copied part of one batch item's group: a ring of input rows [tap of z][channel][row][position], each row copied
/// once on the way down a segment; or, without a ring, one tap's inputs [channel][position]. With bands the ring is a
/// window instead, of which the rows still needed are moved to its beginning. What is not copied is not initialised:
/// lanes that read it are never stored.
/// </summary>
internal unsafe struct RowsInput(RowsPlan plan, in RowsWorkspace parts, float* copy, in BoxView box, float* input)
{
    private readonly BoxView box = box;
    private readonly int ringRows = parts.RingRows;
    private readonly int ringPitch = parts.RingPitch;
    private readonly int margin = plan.Margin(parts.Band);
    private readonly bool hasBands = parts.Band > 1;
    private long z;
    private long y;
    private long x;
    private long first;
    private int count;
    private long filled;
    private long windowRow;
    private int slotOfY;
    private int band;
    private int channel;
    private int position;
    private int length;
    private RowsAhead ahead;

    /// <summary>Of the present chunk.</summary>
    public int Channels { get; private set; }

    /// <summary>Floats from one channel to the next.</summary>
    public int ChannelPitch { get; } = parts.ChannelPitch;

    /// <summary>A new segment: nothing is copied yet.</summary>
    /// <param name="outputZ">With padBegin.</param>
    /// <param name="firstPosition">Input position that the first slot reads with its tap 0.</param>
    public void Restart(long outputZ, long outputX, int outputs, long firstPosition)
    {
        z = IntegerMath.FloorDiv(outputZ, plan.Geometry.Strides[0]);
        x = firstPosition;
        (first, long positions) = plan.Geometry.ReadRange(2, outputX, outputs);
        count = (int)positions;
        filled = long.MinValue;
    }

    /// <summary>Sees that all input rows of a program are in the ring.</summary>
    /// <param name="outputY">Of the first slot, with padBegin.</param>
    /// <param name="bands">Times that the program is computed, each a stride further down.</param>
    /// <param name="rowsBehind">Output rows of the box that are still to come.</param>
    /// <param name="work">Products of a vector and a weight, per channel, until the next call.</param>
    public void Fill(in RowsProgram program, long outputY, int bands, int rowsBehind, long work)
    {
        y = IntegerMath.FloorDiv(outputY, plan.Geometry.Strides[1]);
        band = bands;
        if (!plan.UsesRing || program.Jobs == 0)
            return;
        MoveWindow(program.Z.Count);
        slotOfY = (int)(hasBands ? y - windowRow : IntegerMath.FloorMod(y, ringRows));
        // Not from the first row that this program reads: where outputs lie in gaps, the next one may read rows before it.
        long origin = outputY - plan.Geometry.PadsBegin[1];
        (long low, long rows) = plan.Geometry.ReadRange(1, origin, (long)program.SlotsY * bands);
        long end = low + rows;
        long from = Math.Max(filled, low);
        for (int tap = 0; tap < program.Z.Count && from < end; tap++)
            CopyRows(Source(z + program.Z.Offset(tap), from, first), tap, from, (int)(end - from));
        filled = Math.Max(filled, end);
        (_, long next) = plan.Geometry.ReadRange(1, origin, ((long)program.SlotsY * bands) + Math.Min(rowsBehind, plan.SlotsY * bands));
        int coming = (int)(low + next - filled);
        bool whole = box.InputRowStride == count; // Then the rows of a channel are one run.
        float* behind = Source(z + program.Z.Offset(0), filled, first);
        ahead = new RowsAhead(
            behind, box.InputRowStride, box.InputChannelStride, whole ? 1 : coming, GroupChannels, whole ? coming * count : count, work);
    }

    /// <inheritdoc cref="RowsAhead.Next"/>
    public float* Ahead(int done, nint places, out nint step) => ahead.Next(done, places, out step);

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
        band == 1 && plan.Layer.Border == Border.Zero && (ulong)(y + job.OffsetY) >= (ulong)plan.Geometry.Input[1];

    /// <summary>The chunk's inputs for a job: [channel][position].</summary>
    public readonly float* Find(in RowsProgram program, in RowsJob job)
    {
        if (plan.UsesRing)
        {
            nint start = ((nint)job.InputZ * GroupChannels) + channel;
            return copy + (start * ChannelPitch) + (Slot(job.OffsetY) * ringPitch) + position + job.OffsetX + margin;
        }

        long wanted = x + position + job.OffsetX;
        long from = Math.Max(wanted, first);
        long end = Math.Min(wanted + length, first + count);
        float* source = Source(z + program.Z.Offset(job.InputZ), y + job.OffsetY, from) + (channel * box.InputChannelStride);
        if (from < end)
            CopyTap(source, copy + (nint)(from - wanted), (nint)(end - from));
        return copy;
    }

    private readonly int GroupChannels => plan.Layer.InputChannelsPerGroup;

    /// <summary>Input position at the beginning of a ring's row.</summary>
    private readonly long Origin => x - margin;

    private readonly float* Source(long inputZ, long inputY, long inputX) =>
        input + ((nint)(inputZ - box.InputZ) * box.InputPlaneStride) + ((nint)(inputY - box.InputY) * box.InputRowStride)
        + (nint)(inputX - box.InputX);

    private readonly nint Slot(int offsetY)
    {
        int slot = slotOfY + offsetY;
        if (hasBands)
            return slot;
        return slot < 0 ? slot + ringRows : slot >= ringRows ? slot - ringRows : slot;
    }

    private void MoveWindow(int taps)
    {
        if (!hasBands)
            return;
        long before = windowRow;
        windowRow = y - plan.RowsBefore;
        if (filled <= windowRow || windowRow == before)
            return;
        nint distance = (nint)(windowRow - before) * ringPitch;
        long bytes = sizeof(float) * (filled - windowRow) * ringPitch;
        for (float* line = copy; taps * GroupChannels > (line - copy) / ChannelPitch; line += ChannelPitch)
            Buffer.MemoryCopy(line + distance, line, bytes, bytes);
    }

    /// <summary>Rows of all channels into the ring.</summary>
    private readonly void CopyRows(float* source, int tap, long row, int rows)
    {
        nint slot = Slot((int)(row - y));
        float* target = copy + ((nint)tap * GroupChannels * ChannelPitch) + (nint)(first - Origin);
        bool oneRun = hasBands && ringPitch == box.InputRowStride;
        for (int line = 0; line < GroupChannels; line++, source += box.InputChannelStride, target += ChannelPitch)
        {
            if (oneRun)
            {
                RowsCopy.Run(source, target + (slot * ringPitch), ((rows - 1) * (nint)ringPitch) + count, plan.Lanes);
                continue;
            }

            nint place = slot;
            for (int number = 0; number < rows; number++)
            {
                RowsCopy.Run(source + (number * box.InputRowStride), target + (place * ringPitch), count, plan.Lanes);
                if (++place == ringRows)
                    place = 0;
            }
        }
    }

    private readonly void CopyTap(float* source, float* target, nint floats)
    {
        for (int line = 0; line < Channels; line++, source += box.InputChannelStride, target += ChannelPitch)
            RowsCopy.Run(source, target, floats, plan.Lanes);
    }
}
