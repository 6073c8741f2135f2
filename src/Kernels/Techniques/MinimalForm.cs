namespace Upweave.Kernels.Techniques;

/// <summary>What <see cref="MinimalLines{TVector, TLanes}"/> makes of a cell's inputs.</summary>
internal readonly struct MinimalForm(MinimalAxis y, MinimalAxis x)
{
    /// <summary>Lines along y: 1 where it has no cells.</summary>
    public readonly int LinesY = y.Lines;

    public readonly int LinesX = x.Lines;

    /// <summary>Whether phases have three taps along y.</summary>
    public readonly bool TriplesY = y.HasTriples;

    public readonly bool TriplesX = x.HasTriples;
}
