using Upweave.Kernels.Phases;

namespace Upweave.Kernels.Gpu.Techniques;

/// <summary>
/// The rows and taps of <see cref="GpuPanelsTechnique"/>. Where a layer has few filters, all phases are rows of one panel and share the
/// inputs that they read; a phase that lacks a tap leaves it out. Otherwise each phase has panels of its own.
/// </summary>
internal sealed class PanelsLayout
{
    /// <summary>Below so many filters a phase of its own would leave most rows of a panel empty.</summary>
    private const int FiltersForPhases = 32;

    private readonly ConvTransposeLayer layer;
    private readonly SpatialPhases phases;

    /// <summary>Positions relative to the output's own, of every tap of every panel.</summary>
    private readonly List<(int Z, int Y, int X)> shifts = [];

    /// <summary>The first of a panel's taps; one more than there are panels.</summary>
    private readonly List<int> starts = [0];

    public PanelsLayout(ConvTransposeLayer layer)
    {
        this.layer = layer;
        phases = new SpatialPhases(layer.Geometry);
        Strides = [phases.Z.Stride, phases.Y.Stride, phases.X.Stride];
        Phases = Strides[0] * Strides[1] * Strides[2];
        bool isDense = layer.Geometry.Dilations.All(dilation => dilation == 1);
        IsMerged = Phases > 1 && isDense && layer.OutputChannelsPerGroup < FiltersForPhases;
        if (IsMerged)
            AddMergedTaps();
        else
            AddTaps();
    }

    /// <summary>Along z, y and x.</summary>
    public int[] Strides { get; }

    public int Phases { get; }

    public bool IsMerged { get; }

    /// <summary>Whether some phases lack some of the taps.</summary>
    public bool IsRagged => IsMerged && layer.Geometry.Kernel.Zip(layer.Geometry.Strides).Any(axis => axis.First % axis.Second != 0);

    /// <summary>Panels per group.</summary>
    public int Panels => IsMerged ? 1 : Phases;

    /// <summary>Rows of a panel.</summary>
    public int Rows => layer.OutputChannelsPerGroup * (IsMerged ? Phases : 1);

    /// <summary>Rows as they lie in memory: in fours.</summary>
    public int RowsPadded => (Rows + 3) / 4 * 4;

    /// <summary>Columns of the panel that has most: positions of outputs.</summary>
    public long Columns(GpuBox box) =>
        box.Batch * Positions(box.OutputZ, box.PhaseZ, Strides[0]) * Positions(box.OutputY, box.PhaseY, Strides[1])
        * Positions(box.OutputX, box.PhaseX, Strides[2]);

    /// <summary>Taps of the panel that has most.</summary>
    public int TapsMost => Enumerable.Range(0, Panels).Max(panel => starts[panel + 1] - starts[panel]);

    /// <summary>The tables that the program reads.</summary>
    public string Tables() =>
        ProgramTable.Of("tapStart", starts) + ProgramTable.Of("tapShiftZ", shifts.Select(shift => shift.Z))
        + ProgramTable.Of("tapShiftY", shifts.Select(shift => shift.Y)) + ProgramTable.Of("tapShiftX", shifts.Select(shift => shift.X));

    /// <summary>
    /// Per panel and group [chunk, tap, channel, <see cref="RowsPadded"/>]; a tap that a row lacks has zeros, which are not added.
    /// </summary>
    public float[] Pack(ReadOnlySpan<float> weights, int perChunk)
    {
        int channels = layer.InputChannelsPerGroup;
        float[] packed = new float[checked((long)shifts.Count * layer.Groups * channels * RowsPadded)];
        int perChannel = checked(layer.OutputChannelsPerGroup * (int)layer.Geometry.Kernel.Volume);
        int[][] sources = [.. Enumerable.Range(0, Panels).SelectMany(Sources)];
        int at = 0;
        for (int panel = 0; panel < Panels; panel++)
        {
            for (int group = 0; group < layer.Groups; group++)
            {
                for (int chunk = 0; chunk < channels; chunk += perChunk)
                {
                    for (int tap = starts[panel]; tap < starts[panel + 1]; tap++)
                    {
                        for (int channel = chunk; channel < Math.Min(chunk + perChunk, channels); channel++)
                        {
                            int from = ((group * channels) + channel) * perChannel;
                            PackRows(weights.Slice(from, perChannel), sources[tap], packed.AsSpan(at, Rows));
                            at += RowsPadded;
                        }
                    }
                }
            }
        }

        return packed;
    }

    private static void PackRows(ReadOnlySpan<float> channel, ReadOnlySpan<int> sources, Span<float> rows)
    {
        for (int row = 0; row < rows.Length; row++)
            rows[row] = sources[row] < 0 ? 0f : channel[sources[row]];
    }

    /// <summary>Per tap of a panel, where in a channel's weights each row's lies; -1 where a row lacks the tap.</summary>
    private IEnumerable<int[]> Sources(int panel)
    {
        int kernelVolume = checked((int)layer.Geometry.Kernel.Volume);
        for (int tap = starts[panel]; tap < starts[panel + 1]; tap++)
        {
            IEnumerable<int> phasesOfPanel = IsMerged ? Enumerable.Range(0, Phases) : [panel];
            int[] indices = [.. phasesOfPanel.Select(phase => KernelIndex(phase, shifts[tap]))];
            yield return [.. Enumerable.Range(0, Rows).Select(row =>
                indices[row % indices.Length] is int index and >= 0 ? (row / indices.Length * kernelVolume) + index : -1)];
        }
    }

    private long Positions(long extent, long phase, long stride) =>
        IsMerged ? ((phase + extent - 1) / stride) + 1 : (extent + stride - 1) / stride;

    /// <summary>The tap of a phase with this shift, as a flat position in the kernel; -1 where it has none.</summary>
    private int KernelIndex(int phase, (int Z, int Y, int X) shift)
    {
        int x = Index(phases.X, phase % Strides[2], shift.X);
        int y = Index(phases.Y, phase / Strides[2] % Strides[1], shift.Y);
        int z = Index(phases.Z, phase / Strides[2] / Strides[1], shift.Z);
        return x < 0 || y < 0 || z < 0 ? -1 : (((z * phases.Y.Kernel) + y) * phases.X.Kernel) + x;
    }

    private static int Index(AxisPhases axis, int phase, int shift)
    {
        foreach (AxisTap tap in axis.Taps(phase))
        {
            if (tap.Offset == shift)
                return tap.Index;
        }

        return -1;
    }

    private void AddTaps()
    {
        for (int phase = 0; phase < Phases; phase++)
        {
            foreach (AxisTap z in phases.Z.Taps(phase / Strides[2] / Strides[1]))
            {
                foreach (AxisTap y in phases.Y.Taps(phase / Strides[2] % Strides[1]))
                {
                    foreach (AxisTap x in phases.X.Taps(phase % Strides[2]))
                        shifts.Add((z.Offset, y.Offset, x.Offset));
                }
            }

            starts.Add(shifts.Count);
        }
    }

    /// <summary>Without dilation, taps in ascending order read the position itself, the one before, and so on, in every phase.</summary>
    private void AddMergedTaps()
    {
        for (int z = 0; z * Strides[0] < phases.Z.Kernel; z++)
        {
            for (int y = 0; y * Strides[1] < phases.Y.Kernel; y++)
            {
                for (int x = 0; x * Strides[2] < phases.X.Kernel; x++)
                    shifts.Add((-z, -y, -x));
            }
        }

        starts.Add(shifts.Count);
    }
}
