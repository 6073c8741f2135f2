namespace Upweave.Storage.Arrays;

/// <summary>
/// Where the elements of an array lie in the world: the centre of the element at an index has the coordinates
/// <c>world[r] = sum over c of Affine[r][c] * index[c] + Affine[r][rank]</c>, over the spatial axes in the array's order.
/// </summary>
public sealed record ArraySpace
{
    /// <summary>The spatial axes, a part of <c>zyx</c>; world and index have the same.</summary>
    public required string Axes { get; init; }

    /// <summary>One row per world axis, of one number per index axis and the translation.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Affine { get; init; }

    /// <summary>The unit of each axis, UDUNITS-2's name as OME-NGFF has it (<c>micrometer</c>); null where unknown.</summary>
    public required IReadOnlyList<string?> Units { get; init; }

    /// <summary>
    /// What the world is, by NIfTI's names: <c>scanner</c>, <c>aligned</c>, <c>talairach</c>, <c>mni</c>, <c>template</c>; null where
    /// unknown.
    /// </summary>
    public string? Frame { get; init; }

    /// <summary>What ties a map to the earth (GeoTIFF); null for all that is none.</summary>
    public GeoReference? Georeference { get; init; }

    /// <summary>A space without rotation or shear.</summary>
    /// <param name="scale">Distance of neighbours, per axis.</param>
    /// <param name="translation">Coordinates of the first element's centre.</param>
    /// <param name="units">Null: unknown on every axis.</param>
    public static ArraySpace Of(
        string axes, IReadOnlyList<double> scale, IReadOnlyList<double> translation, IReadOnlyList<string?>? units = null)
    {
        int rank = axes.Length;
        double[] Row(int row) => [.. Enumerable.Range(0, rank + 1).Select(
            column => column == rank ? translation[row] : column == row ? scale[row] : 0)];
        return new ArraySpace
        {
            Axes = axes,
            Affine = [.. Enumerable.Range(0, rank).Select(Row)],
            Units = units ?? new string?[rank],
        };
    }

    /// <summary>No axis of the index moves along two axes of the world, or along another than its own.</summary>
    public bool IsAligned => Affine.Index().All(row => row.Item.SkipLast(1).Index().All(cell => cell.Index == row.Index || cell.Item == 0));

    /// <summary>Distance of neighbours along each axis of the index; signed where the space is aligned.</summary>
    public IReadOnlyList<double> Scale => IsAligned
        ? [.. Affine.Select((row, axis) => row[axis])]
        : [.. Enumerable.Range(0, Axes.Length).Select(axis => Math.Sqrt(Affine.Sum(row => row[axis] * row[axis])))];

    /// <summary>Coordinates of the first element's centre.</summary>
    public IReadOnlyList<double> Translation => [.. Affine.Select(row => row[^1])];

    /// <summary>The space of an array whose element o lies where this one's element <c>origin + o * step</c> does.</summary>
    public ArraySpace Resample(IReadOnlyList<double> origin, IReadOnlyList<double> step) => this with
    {
        Affine = [.. Affine.Select(IReadOnlyList<double> (row) =>
        [
            .. step.Select((factor, axis) => row[axis] * factor),
            row[^1] + origin.Select((offset, axis) => row[axis] * offset).Sum(),
        ])],
    };
}
