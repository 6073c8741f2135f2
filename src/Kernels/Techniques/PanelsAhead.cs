using Upweave.Kernels.Lanes;
using Upweave.Kernels.Phases;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// Asks for the inputs of the next panel while the sums of the one before are computed: of its rows the last, which no
/// panel has read yet. Each channel's lie in a page of their own, so the processor does not foresee them.
/// </summary>
internal readonly unsafe ref struct PanelsAhead
{
    private readonly nint channelStride;
    private readonly int channels;
    private readonly float* row;
    private readonly int length;

    /// <param name="input">The first channel of the group.</param>
    /// <param name="first">The panel's first column; there may be none.</param>
    public PanelsAhead(PanelsShape shape, in BoxView box, in PanelsColumns columns, float* input, long first)
    {
        ReadOnlySpan<int> planes = shape.Z.Offsets(columns.PhaseZ);
        ReadOnlySpan<int> rows = shape.Y.Offsets(columns.PhaseY);
        ReadOnlySpan<int> places = shape.X.Offsets(columns.PhaseX);
        if (first >= columns.Count || planes.IsEmpty || rows.IsEmpty || places.IsEmpty)
            return;
        PanelsRun run = columns.Run(first);
        channelStride = box.InputChannelStride;
        channels = shape.Layer.InputChannelsPerGroup;
        row = input + run.InputItem + ((run.InputPlane + planes[^1]) * box.InputPlaneStride)
            + ((run.InputRow + rows[^1]) * box.InputRowStride) + columns.PlaceX + run.First + places[0];
        length = Math.Min(columns.Together(run), shape.Columns) + places[^1] - places[0];
    }

    /// <summary>Adds a part of them.</summary>
    public void AddTo(ref LinesAhead ahead, int part, int parts)
    {
        int end = (int)((long)channels * (part + 1) / parts);
        for (int channel = (int)((long)channels * part / parts); channel < end; channel++)
            ahead.Add(row + (channel * channelStride), length);
    }
}
