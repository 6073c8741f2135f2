namespace Upweave.Contracts.Plans;

/// <summary>The pinned input.</summary>
public sealed record PlannedInput
{
    public required string Reference { get; init; }

    /// <summary>E.g. <c>npy</c>, <c>zarr v3</c>, <c>nifti-1</c>, <c>png</c>.</summary>
    public required string Format { get; init; }

    /// <summary>What the input must still be when it is read.</summary>
    public required string Identity { get; init; }

    /// <summary>[N, C, space...] with the axes it has.</summary>
    public required IReadOnlyList<long> Shape { get; init; }

    public required string Dtype { get; init; }

    /// <summary>One letter per axis, e.g. <c>cyx</c>.</summary>
    public required string Axes { get; init; }

    /// <summary>A picture, or another file that cannot be read by box: a worker ingests it into scratch chunks first.</summary>
    public required bool IsPicture { get; init; }
}
