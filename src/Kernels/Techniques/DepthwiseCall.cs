using Upweave.Kernels.Phases;

namespace Upweave.Kernels.Techniques;

/// <summary>What is the same for all rows of a call.</summary>
internal readonly unsafe struct DepthwiseCall
{
    public required BoxView View { get; init; }

    /// <summary>Phase of a row's first output.</summary>
    public required int PhaseX { get; init; }

    /// <summary>Position of a row's first output, counted from the input box's first column.</summary>
    public required nint ColumnX { get; init; }

    public required float* Workspace { get; init; }
}

/// <summary>One row of the output.</summary>
internal readonly unsafe struct DepthwiseRow
{
    /// <summary>
    /// The input row at the output row's own position, first column of the box; taps add offsets that are never positive.
    /// </summary>
    public required float* Input { get; init; }

    /// <summary>The packed weights of the output channel.</summary>
    public required float* Weights { get; init; }

    public required float* Output { get; init; }

    /// <summary>The output channel.</summary>
    public required int Channel { get; init; }

    /// <summary>Phases of the row on the outer axes.</summary>
    public required int PhaseZ { get; init; }

    public required int PhaseY { get; init; }
}
