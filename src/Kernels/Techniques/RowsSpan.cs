namespace Upweave.Kernels.Techniques;

/// <summary>
/// The outputs of one segment of a row. Positions begin where the first phase does, so that all phases of a position read the same
/// inputs; a box may begin in between, and then a few outputs of its first position are not wanted.
/// </summary>
internal readonly struct RowsSpan
{
    /// <param name="before">Outputs of the box's first position that lie before the box.</param>
    /// <param name="start">First position of the segment, counted from the box's.</param>
    /// <param name="width">Outputs of the box.</param>
    public RowsSpan(int stride, int before, int start, int positions, int width)
    {
        Stride = stride;
        Positions = positions;
        Before = start == 0 ? before : 0;
        First = start == 0 ? 0 : checked((start * stride) - before);
        long end = Math.Min(width, ((start + (long)positions) * stride) - before);
        Length = (int)(end - First);
        Partial = Before == 0 ? 0 : Math.Min(Length, stride - Before);
    }

    public int Stride { get; }

    public int Positions { get; }

    /// <summary>Outputs of the first position that are not wanted.</summary>
    public int Before { get; }

    /// <summary>First output, counted from the box's.</summary>
    public int First { get; }

    /// <summary>Outputs.</summary>
    public int Length { get; }

    /// <summary>Of them, those of a first position that is not wholly wanted.</summary>
    public int Partial { get; }
}
