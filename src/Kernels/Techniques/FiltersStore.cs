using Upweave.Kernels.Lanes;
using Upweave.Kernels.Phases;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// From the totals of a block of lanes, [position][lane], to stored outputs: bias, activation and canonical form in whole
/// vectors; then to their places, in one of three ways.
/// </summary>
internal readonly unsafe struct FiltersStore
{
    private readonly FiltersLayout layout;
    private readonly BoxView box;
    private readonly float* outputs;
    private readonly int firstItem;
    private readonly int* rows;
    private readonly int places;
    private readonly bool isOnePosition;

    /// <param name="sites">One set, or all along x in the order of their outputs.</param>
    /// <param name="outputs">[N, Cout, box...]</param>
    /// <param name="firstItem">The batch item of the pass's first.</param>
    /// <param name="memory">For a number per row of positions.</param>
    public FiltersStore(FiltersLayout layout, FiltersSites* sites, in BoxView box, float* outputs, int firstItem, int* memory)
    {
        this.layout = layout;
        Sites = sites;
        this.box = box;
        this.outputs = outputs;
        this.firstItem = firstItem;
        places = (sites[0].Places + 7) & -8;
        ArrayLength = (nint)places * layout.Lanes;
        isOnePosition = box.Planes == 1 && Covers(layout.Y, box.OutputY, box.Rows) && Covers(layout.X, box.OutputX, box.Width);
        rows = memory;
        for (int index = 0; index < sites->Rows; index++)
            rows[index] = RowOffset(index);
    }

    public FiltersSites* Sites { get; }

    /// <summary>
    /// From one array of sums in the workspace to the next. The first is free by now, then come the totals of each set.
    /// </summary>
    public nint ArrayLength { get; }

    /// <summary>The pass's first output of a row, counted in the row.</summary>
    private nint Start => (nint)((Sites->X.First * layout.X.Stride) + Sites->Set.X - layout.X.PadBegin - box.OutputX);

    /// <summary>
    /// For the outputs of a block: where lanes are channels, since lanes that are phases too are stored as long runs. It is asked once per
    /// set and chunk.
    /// </summary>
    public FiltersAhead Ahead(int group, int block)
    {
        int lane = block * layout.Lanes;
        int lanes = layout.X.PhasesPerSet > 1 || layout.Y.PhasesPerSet > 1 ? 0 : Math.Min(layout.Lanes, layout.LanesPerSet - lane);
        nint channel = ((nint)group * layout.Layer.OutputChannelsPerGroup) + lane;
        return new FiltersAhead(
            outputs + (channel * box.OutputChannelStride) + Start, box.OutputChannelStride, lanes, rows, Sites->Rows,
            Sites->X.Count * layout.X.Stride, layout.SetsPerRow * layout.Chunks);
    }

    /// <param name="slopes">As the bias: [lane].</param>
    public void Write<TVector, TLanes>(float* sums, float* bias, float* slopes, int group, int block)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        for (int index = 0; index < layout.SetsPerRow; index++)
        {
            float* totals = sums + ((index + 1) * ArrayLength);
            FiltersEpilogue<TVector, TLanes>.Apply(
                layout.Layer.Activation, totals, Sites[0].Places, bias, slopes, layout.Lanes);
        }

        int lane = block * layout.Lanes;
        int lanes = Math.Min(layout.Lanes, layout.LanesPerSet - lane);
        nint firstChannel = (nint)group * layout.Layer.OutputChannelsPerGroup;
        if (isOnePosition)
            WritePosition(sums + ArrayLength, (firstChannel * box.OutputChannelStride) + lane, lanes);
        else if (layout.X.PhasesPerSet > 1 || layout.Y.PhasesPerSet > 1)
            WriteRuns(sums + ArrayLength, firstChannel, lane, lanes);
        else
            WriteChannels(sums, firstChannel + lane, lanes);
    }

    /// <summary>Whether a box has all the phases of a set at one position and no other output.</summary>
    private static bool Covers(FiltersAxis axis, long output, int extent) =>
        axis.PhasesPerSet == extent && axis.Stride == extent && (output + axis.PadBegin) % extent == 0;

    /// <summary>Filters are in the order of the outputs.</summary>
    private void WritePosition(float* totals, nint offset, int lanes)
    {
        nint itemLength = layout.Layer.OutputChannels * box.OutputChannelStride;
        float* output = outputs + (firstItem * itemLength) + offset;
        for (int item = 0; item < Sites->Items; item++, totals += layout.Lanes, output += itemLength)
            FiltersCopy.Runs(totals, layout.Lanes, output, 0, lanes, 1);
    }

    /// <summary>Every run of lanes that are consecutive phases of an output row is copied there.</summary>
    private void WriteRuns(float* totals, nint firstChannel, int lane, int lanes)
    {
        int length;
        for (; lanes > 0; lane += length, lanes -= length, totals += length)
        {
            FiltersLane filter = layout.Lane(lane);
            length = Math.Min(layout.X.PhasesPerSet - filter.PhaseX, lanes);
            float* row = totals;
            float* output = outputs + ((firstChannel + filter.Channel) * box.OutputChannelStride) + ((nint)filter.PhaseY * box.Width);
            long firstY = (Sites->Y.First * layout.Y.Stride) + Sites->Set.Y + filter.PhaseY - layout.Y.PadBegin - box.OutputY;
            for (int index = 0, y = 0; index < Sites->Rows; index++, row += (nint)Sites->Width * layout.Lanes)
            {
                long outputY = firstY + ((long)y * layout.Y.Stride);
                if (outputY >= 0 && outputY < box.Rows)
                    WriteRunsOfRow(row, output + rows[index], filter.PhaseX, length);
                y = y + 1 == Sites->Y.Count ? 0 : y + 1;
            }
        }
    }

    /// <summary>Runs at the ends of the row may lie outside in part.</summary>
    private void WriteRunsOfRow(float* totals, float* row, int phase, int length)
    {
        int stride = layout.X.Stride;
        long start = (Sites->X.First * stride) + phase - layout.X.PadBegin - box.OutputX;
        int count = Sites->X.Count;
        for (; count > 0 && start < 0; count--, start += stride, totals += layout.Lanes)
            FiltersCopy.Part(totals, row, start, length, box.Width);
        int whole = box.Width - length < start ? 0 : (int)Math.Min(((box.Width - length - start) / stride) + 1, count);
        FiltersCopy.Runs(totals, layout.Lanes, row + start, stride, length, whole);
        totals += (nint)whole * layout.Lanes;
        start += (long)whole * stride;
        for (count -= whole; count > 0; count--, start += stride, totals += layout.Lanes)
            FiltersCopy.Part(totals, row, start, length, box.Width);
    }

    /// <summary>
    /// Lanes are channels: totals are turned to [lane][position], each set's into the array before it, whose content is done with.
    /// </summary>
    private void WriteChannels(float* sums, nint firstChannel, int lanes)
    {
        for (int index = 0; index < layout.SetsPerRow; index++, sums += ArrayLength)
            FiltersTranspose.Run(sums + ArrayLength, layout.Lanes, Sites->Places, (lanes + 7) & -8, sums, places);
        sums -= layout.SetsPerRow * ArrayLength;
        int length = 0;
        for (int index = 0; index < layout.SetsPerRow; index++)
            length += Sites[index].X.Count;
        int width = Sites->Width;
        float* output = outputs + (firstChannel * box.OutputChannelStride) + Start;
        for (int lane = 0; lane < lanes; lane++, sums += places, output += box.OutputChannelStride)
        {
            float* from = sums;
            for (int index = 0; index < Sites->Rows; index++, from += width)
                WriteRow(from, output + rows[index], length);
        }
    }

    private void WriteRow(float* from, float* output, int length)
    {
        if (layout.SetsPerRow > 1)
            FiltersInterleave.Rows(from, ArrayLength, layout.SetsPerRow, output, length);
        else if (layout.X.Stride == 1)
            FiltersCopy.Runs(from, 0, output, 0, length, 1);
        else
            FiltersCopy.Spread(from, output, layout.X.Stride, length);
    }

    /// <summary>
    /// The output row of a row of positions, as an offset from the first item's output. For a later phase it may lie in the
    /// box where for the set's first it does not.
    /// </summary>
    private int RowOffset(int index)
    {
        int y = index % Sites->Y.Count;
        index /= Sites->Y.Count;
        long outputY = ((Sites->Y.First + y) * layout.Y.Stride) + Sites->Set.Y - layout.Y.PadBegin - box.OutputY;
        long outputZ = ((Sites->Z.First + (index % Sites->Z.Count)) * layout.Z.Stride) + Sites->Set.Z - layout.Z.PadBegin - box.OutputZ;
        nint plane = (firstItem + (index / Sites->Z.Count)) * (nint)layout.Layer.OutputChannels * box.OutputChannelStride;
        return (int)(plane + (nint)(((outputZ * box.Rows) + outputY) * box.Width));
    }
}
