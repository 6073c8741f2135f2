using Upweave.Kernels.Phases;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// One axis of the panels. Where its phases are merged, a column stands for one output of each of them, and all take
/// their inputs from one panel; otherwise every phase has panels of its own.
/// </summary>
internal sealed class PanelsAxis
{
    private readonly int[][] offsets;

    public PanelsAxis(AxisPhases phases, bool isMerged)
    {
        Phases = phases;
        Slots = isMerged ? phases.Stride : 1;
        offsets = new int[phases.Stride][];
        for (int phase = 0; phase < phases.Stride; phase++)
        {
            offsets[phase] = DistinctOffsets(phase);
            OffsetsMost = Math.Max(OffsetsMost, offsets[phase].Length);
            TapsMost = isMerged ? phases.Kernel : Math.Max(TapsMost, phases.Taps(phase).Length);
        }
    }

    public AxisPhases Phases { get; }

    /// <summary>Phases of a column, counted as slots from its first output on.</summary>
    public int Slots { get; }

    /// <summary>Phases that need panels of their own.</summary>
    public int Passes => Phases.Stride / Slots;

    /// <summary>Places that the outputs of a column read, at most.</summary>
    public int OffsetsMost { get; }

    /// <summary>Taps of all slots together, at most.</summary>
    public int TapsMost { get; }

    public int Phase(int firstPhase, int slot) => (firstPhase + slot) % Phases.Stride;

    /// <summary>The taps of the phase in a slot.</summary>
    public ReadOnlySpan<AxisTap> Taps(int firstPhase, int slot) => Phases.Taps(Phase(firstPhase, slot));

    /// <summary>
    /// The different places that the taps of all slots read, counted from a column's place for the first of them, where
    /// that has this phase; phases that come after a wrap stand one place further on.
    /// </summary>
    public ReadOnlySpan<int> Offsets(int firstPhase) => offsets[firstPhase];

    /// <summary>Which of the offsets a tap reads.</summary>
    public int Place(int firstPhase, int slot, AxisTap tap) =>
        offsets[firstPhase].AsSpan().IndexOf(tap.Offset + Moved(firstPhase, slot));

    private int Moved(int firstPhase, int slot) => firstPhase + slot >= Phases.Stride ? 1 : 0;

    private int[] DistinctOffsets(int firstPhase)
    {
        SortedSet<int> places = [];
        for (int slot = 0; slot < Slots; slot++)
        {
            foreach (AxisTap tap in Taps(firstPhase, slot))
                places.Add(tap.Offset + Moved(firstPhase, slot));
        }

        return [.. places];
    }
}
