using Upweave.Kernels.Phases;
using static Upweave.Tiling.IntegerMath;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// One axis of a minimal layer. On an axis of pairs a cell is two positions, c and c + 1 with c even, of all phases. Its
/// inputs before, at and behind c make up to four <em>lines</em>: before - at, at, behind - at, and behind itself. A phase
/// of two taps multiplies the first three (its <em>points</em>) by the far weight, the sum of both, and the near one; one of a single
/// tap the second and the fourth by its weight. On another axis a cell is one position, and taps are summed one by one.
/// </summary>
internal sealed class MinimalAxis(AxisPhases phases, bool hasPairs)
{
    public AxisPhases Phases => phases;

    public bool HasPairs => hasPairs;

    public int Stride => phases.Stride;

    /// <summary>Positions of a cell.</summary>
    public int Positions => hasPairs ? 2 : 1;

    /// <summary>Outputs of a cell.</summary>
    public int Outputs => Positions * Stride;

    /// <summary>Lines that the axis makes of its inputs.</summary>
    public int Lines => !hasPairs ? 1 : phases.Kernel < 2 * Stride ? 4 : 3;

    /// <summary>Phases whose points are made from the same lines: all on an axis of pairs, one by one on another.</summary>
    public int InnerPhases => hasPairs ? Stride : 1;

    /// <summary>How often lines are made anew.</summary>
    public int OuterPhases => hasPairs ? 1 : Stride;

    /// <summary>Points of all inner phases.</summary>
    public int PointsOfInnerPhases => hasPairs ? phases.Kernel + Stride : 1;

    /// <summary>Taps that are summed one by one.</summary>
    public int Taps(int outerPhase) => hasPairs ? 1 : phases.Taps(outerPhase).Length;

    public int TapsMost => hasPairs ? 1 : Enumerable.Range(0, Stride).Max(phase => phases.Taps(phase).Length);

    /// <summary>3 of a phase with two taps, 2 of one with a single tap, 1 on an axis without pairs.</summary>
    public int Points(int innerPhase) => hasPairs ? phases.Taps(innerPhase).Length + 1 : 1;

    /// <summary>Points of the inner phases before this one.</summary>
    public int PointsBefore(int innerPhase) => hasPairs ? phases.TapsBefore(innerPhase) + innerPhase : 0;

    /// <summary>The line that a point multiplies.</summary>
    public int Line(int innerPhase, int point) => Points(innerPhase) == 2 && point == 1 ? 3 : Points(innerPhase) == 2 ? 1 : point;

    /// <summary>The cell of an output.</summary>
    public long Cell(long output) => FloorDiv(phases.Locate(output).Position, Positions);
}
