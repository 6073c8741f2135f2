using Upweave.Kernels.Phases;
using static Upweave.Tiling.IntegerMath;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// One axis of a minimal layer. On an axis with cells a cell is two positions, c and c + 1 with c even, of all phases. Its inputs
/// make up to four <em>lines</em>, as docs/arithmetic.md says. Where phases have two taps those are before - at, at, behind - at, and
/// behind itself: a phase of two taps multiplies the first three (its <em>points</em>) by transformed weights; one of a single
/// tap the second and the fourth by its weight. Where all have three taps, each multiplies all four.
/// On another axis a cell is one position, and taps are summed one by one.
/// </summary>
internal sealed class MinimalAxis(AxisPhases phases, bool hasCells)
{
    public AxisPhases Phases => phases;

    public bool HasCells { get; } = hasCells;

    /// <summary>Whether phases have three taps.</summary>
    public bool HasTriples { get; } = hasCells && phases.Kernel == 3 * phases.Stride;

    /// <summary>Inputs of a cell before its first position.</summary>
    public int Before => HasTriples ? 2 : HasCells ? 1 : 0;

    public int Stride { get; } = phases.Stride;

    /// <summary>Positions of a cell.</summary>
    public int Positions { get; } = hasCells ? 2 : 1;

    /// <summary>Outputs of a cell.</summary>
    public int Outputs { get; } = (hasCells ? 2 : 1) * phases.Stride;

    /// <summary>Lines that the axis makes of its inputs.</summary>
    public int Lines { get; } = !hasCells ? 1 : phases.Kernel == 2 * phases.Stride ? 3 : 4;

    /// <summary>Phases whose points are made from the same lines: all on an axis with cells, one by one on another.</summary>
    public int InnerPhases => HasCells ? Stride : 1;

    /// <summary>How often lines are made anew.</summary>
    public int OuterPhases => HasCells ? 1 : Stride;

    /// <summary>Points of all inner phases.</summary>
    public int PointsOfInnerPhases => HasCells ? phases.Kernel + Stride : 1;

    /// <summary>Taps that are summed one by one.</summary>
    public int Taps(int outerPhase) => HasCells ? 1 : phases.Taps(outerPhase).Length;

    public int TapsMost => HasCells ? 1 : Enumerable.Range(0, Stride).Max(phase => phases.Taps(phase).Length);

    /// <summary>One more than a phase has taps; 1 on an axis without cells.</summary>
    public int Points(int innerPhase) => HasCells ? phases.Taps(innerPhase).Length + 1 : 1;

    /// <summary>Points of the inner phases before this one.</summary>
    public int PointsBefore(int innerPhase) => HasCells ? phases.TapsBefore(innerPhase) + innerPhase : 0;

    /// <summary>The line that a point multiplies.</summary>
    public int Line(int innerPhase, int point) => Points(innerPhase) == 2 ? (2 * point) + 1 : point;

    /// <summary>The cell of an output.</summary>
    public long Cell(long output) => FloorDiv(phases.Locate(output).Position, Positions);
}
