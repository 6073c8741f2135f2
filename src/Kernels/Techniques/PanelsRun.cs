namespace Upweave.Kernels.Techniques;

/// <summary>Columns of one row.</summary>
internal readonly record struct PanelsRun
{
    /// <summary>Where the batch item begins, in elements.</summary>
    public required nint InputItem { get; init; }

    /// <summary>Plane and row of the input box at the outputs' own position in the first slots; they may lie outside.</summary>
    public required int InputPlane { get; init; }

    public required int InputRow { get; init; }

    /// <summary>Where the batch item begins, in elements.</summary>
    public required nint OutputItem { get; init; }

    /// <summary>Plane and row of the output box in the first slots.</summary>
    public required int OutputPlane { get; init; }

    public required int OutputRow { get; init; }

    /// <summary>The first column, counted in the row.</summary>
    public required int First { get; init; }

    public required int Count { get; init; }
}
