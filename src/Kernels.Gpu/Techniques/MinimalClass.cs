namespace Upweave.Kernels.Gpu.Techniques;

/// <summary>
/// Phases with as many taps each on the axes with cells: their sums are panels of the same rows, one for each point.
/// </summary>
/// <param name="PhasesY">Phases along y, a run; a single one where y has no cells.</param>
/// <param name="PhasesX">Phases along x, a run.</param>
/// <param name="LinesY">Which transformed input each point along y takes; one entry where y has no cells.</param>
/// <param name="LinesX">The same along x: four for three taps, three for two, two for one.</param>
internal sealed record MinimalClass(Range PhasesY, Range PhasesX, int[] LinesY, int[] LinesX)
{
    /// <summary>Lines of a phase with three taps: a - d, b + d, d - b, b - e.</summary>
    private static readonly int[] LinesOfThree = [0, 1, 2, 3];

    /// <summary>Lines of a phase with two taps: a - b, b, d - b.</summary>
    private static readonly int[] LinesOfTwo = [0, 1, 2];

    /// <summary>Lines of a phase with one tap: b, d.</summary>
    private static readonly int[] LinesOfOne = [1, 3];
    private static readonly int[] NoLines = [0];

    public int CountY => PhasesY.End.Value - PhasesY.Start.Value;

    public int CountX => PhasesX.End.Value - PhasesX.Start.Value;

    public int Points => LinesY.Length * LinesX.Length;

    /// <summary>The classes along y and x, those of more taps first; null where no phase is in one.</summary>
    public static MinimalClass?[] All(int strideY, int kernelY, bool isPairedY, int strideX, int kernelX)
    {
        (Range, int[])[] alongY = isPairedY ? Axis(strideY, kernelY) : [(..1, NoLines), (0..0, NoLines)];
        (Range, int[])[] alongX = Axis(strideX, kernelX);
        return [.. alongY.SelectMany(y => alongX.Select(x => Create(y, x)))];
    }

    private static MinimalClass? Create((Range Phases, int[] Lines) y, (Range Phases, int[] Lines) x)
    {
        MinimalClass created = new(y.Phases, x.Phases, y.Lines, x.Lines);
        return created.CountY > 0 && created.CountX > 0 ? created : null;
    }

    private static (Range, int[])[] Axis(int stride, int kernel) => kernel == 3 * stride
        ? [(..stride, LinesOfThree), (stride..stride, LinesOfOne)]
        : [(..(kernel - stride), LinesOfTwo), ((kernel - stride)..stride, LinesOfOne)];
}
