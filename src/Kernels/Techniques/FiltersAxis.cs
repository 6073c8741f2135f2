using Upweave.Kernels.Phases;
using static Upweave.Tiling.IntegerMath;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// One axis of a layer as the filters see it. Its phases are cut into sets: one phase each or, where all phases read the
/// same inputs (kernel a multiple of the stride), merged into one set. The outputs of a set at one position q share
/// their taps' inputs.
/// </summary>
internal sealed class FiltersAxis
{
    private readonly AxisPhases phases;

    public FiltersAxis(long kernel, long stride, long dilation, long padBegin, bool merged)
    {
        phases = new AxisPhases(kernel, stride, dilation, padBegin);
        PadBegin = padBegin;
        Sets = merged ? 1 : phases.Stride;
        for (int phase = 0; phase < phases.Stride; phase++)
        {
            TapsMost = Math.Max(TapsMost, phases.Taps(phase).Length);
            foreach (AxisTap tap in phases.Taps(phase))
                LowestOffset = Math.Min(LowestOffset, tap.Offset);
        }
    }

    public int Stride => phases.Stride;

    public long PadBegin { get; }

    public int Sets { get; }

    public int PhasesPerSet => phases.Stride / Sets;

    /// <summary>Taps of the set that has most.</summary>
    public int TapsMost { get; }

    /// <summary>How far before its position an output reads; not positive.</summary>
    public int LowestOffset { get; }

    /// <summary>Taps over all sets.</summary>
    public int TapsOfAllSets => phases.Kernel / PhasesPerSet;

    public int TapsBefore(int set) => phases.TapsBefore(set);

    /// <summary>The taps of a set's first phase: their offsets are those of all its phases.</summary>
    public ReadOnlySpan<AxisTap> Taps(int set) => phases.Taps(set);

    /// <summary>Where a tap of the set lies in the kernel for one of its phases.</summary>
    public int KernelIndex(int set, int phase, int tap) => phases.Taps(set + phase)[tap].Index;

    /// <summary>Positions of all outputs from one to another, the end not included.</summary>
    public FiltersRange Positions(long output, long extent)
    {
        long first = FloorDiv(output + PadBegin, Stride);
        return new FiltersRange(first, FloorDiv(output + PadBegin + extent - 1, Stride) + 1);
    }

    /// <summary>The phase of the first output at or behind <paramref name="output"/> with one of these positions.</summary>
    public int FirstPhase(FiltersRange positions, long output) =>
        (int)FloorMod(Math.Max(output + PadBegin, positions.First * Stride), Stride);

    /// <summary>The positions among these at which the set has an output between two, the end not included.</summary>
    public FiltersRange Positions(int set, FiltersRange among, long output, long extent)
    {
        int last = set + PhasesPerSet - 1;
        FiltersRange inside = new(CeilDiv(output + PadBegin - last, Stride), CeilDiv(output + PadBegin + extent - set, Stride));
        return among.Intersect(inside);
    }
}
