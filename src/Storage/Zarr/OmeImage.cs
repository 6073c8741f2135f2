using Upweave.Storage.Arrays;

namespace Upweave.Storage.Zarr;

/// <summary>What the attributes of an OME-Zarr group say of its first image.</summary>
internal sealed record OmeImage
{
    /// <summary>Of OME-NGFF, e.g. <c>0.4</c>; null where it is not said.</summary>
    public string? Version { get; init; }

    /// <summary>Names the group in messages.</summary>
    public required string Reference { get; init; }

    /// <summary>Paths below the group, the highest resolution first; at least one.</summary>
    public required IReadOnlyList<string> Levels { get; init; }

    /// <summary>One per axis; null where the version has none.</summary>
    public IReadOnlyList<OmeAxis>? Axes { get; init; }

    /// <summary>
    /// The transformations of the highest resolution, then those of all, in the order in which they are applied; null where one is of
    /// a kind that is not known.
    /// </summary>
    public IReadOnlyList<OmeTransformation>? Transformations { get; init; }

    /// <param name="array">The highest resolution.</param>
    /// <exception cref="InvalidArrayException">The group has another number of axes.</exception>
    public ArrayInfo Describe(ZarrArray array)
    {
        int rank = array.Shape.Count;
        // Images before version 0.3 name no axes: they have five, these.
        IReadOnlyList<OmeAxis>? axes = Axes ?? (array.DimensionNames is null && rank == 5 ? OmeAxis.Named("tczyx") : null);
        if (axes is not null && axes.Count != rank)
            throw Fault($"names {axes.Count} axes where its highest resolution has {rank}");
        ArrayInfo info = array.Describe();
        string? letters = axes is null ? info.Axes : ZarrAxes.Letters([.. axes.Select(axis => axis.Name)]);
        return info with
        {
            Format = $"OME-Zarr{(Version is null ? "" : $" {Version}")} ({info.Format})",
            Axes = letters,
            Space = letters is null ? null : Space(letters, axes),
            Levels = [.. Levels.Select((path, number) => new ArrayLevel('/', path) { Shape = number == 0 ? array.Shape : null })],
        };
    }

    /// <summary>The place of the spatial axes; null where nothing is said of it.</summary>
    private ArraySpace? Space(string letters, IReadOnlyList<OmeAxis>? axes)
    {
        double[] scale = [.. letters.Select(_ => 1.0)];
        double[] translation = new double[letters.Length];
        foreach (OmeTransformation step in Transformations ?? [])
        {
            if (step.Numbers.Count != letters.Length)
                throw Fault($"has a {step.Name} of {step.Numbers.Count} numbers where its highest resolution has {letters.Length} axes");
            step.Apply(scale, translation);
        }

        int[] spatial = [.. Enumerable.Range(0, letters.Length).Where(axis => "zyx".Contains(letters[axis], StringComparison.Ordinal))];
        string?[] units = [.. spatial.Select(axis => axes?[axis].Unit)];
        bool saysNothing = Transformations is null || (Transformations.Count == 0 && units.All(unit => unit is null));
        return spatial.Length == 0 || saysNothing ? null : ArraySpace.Of(
            string.Concat(spatial.Select(axis => letters[axis])),
            [.. spatial.Select(axis => scale[axis])],
            [.. spatial.Select(axis => translation[axis])],
            units);
    }

    private InvalidArrayException Fault(string what) => OmeReader.Fault(Reference, what);
}
