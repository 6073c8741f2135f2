namespace Upweave.Storage.Zarr;

/// <summary>An axis of an OME-Zarr image.</summary>
/// <param name="Unit">Null where unknown.</param>
internal sealed record OmeAxis(string Name, string? Unit)
{
    /// <summary>Axes without units, each named by a letter.</summary>
    public static IReadOnlyList<OmeAxis> Named(string letters) => [.. letters.Select(letter => new OmeAxis($"{letter}", null))];
}
