using Upweave.Storage;
using Upweave.Storage.Arrays;
using Upweave.Storage.Pictures;
using Upweave.Storage.Stores;
using Upweave.Tiling;

namespace Upweave.Cli.Arrays;

/// <summary>Writes a small picture of an array, made of the lowest resolution that has enough pixels.</summary>
internal static class PreviewFile
{
    /// <summary>Pixels of the longest side.</summary>
    private const int Side = 512;

    /// <param name="levels">The array's resolutions; none where it has only itself.</param>
    /// <param name="preview">A .png that is not there yet.</param>
    public static async Task WriteAsync(
        ReferenceCatalog catalog, string reference, IReadOnlyList<ArrayLevel> levels, string preview, CancellationToken cancellationToken)
    {
        if (!preview.EndsWith(".png", StringComparison.OrdinalIgnoreCase))
            throw new InvalidArrayException($"The preview '{preview}' is no .png.", "end it in .png");
        StoreLocation place = catalog.Resolve(preview);
        if (await place.Store.StatAsync(place.Path, cancellationToken) is not null)
            throw new InvalidArrayException($"The preview '{preview}' exists.", "delete it, or choose another path");
        string source = levels.LastOrDefault(level => level.Shape is { } shape && IsEnough(shape))?.ReferenceIn(reference) ?? reference;
        byte[] png = await ArrayAccess.ReadAsync(
            catalog, source, array => ArrayPreview.PngAsync(array, Side, cancellationToken), cancellationToken);
        await place.Store.WriteAsync(place.Path, png, WriteCondition.IfAbsent, cancellationToken);
    }

    private static bool IsEnough(Dims shape) => shape.Count > 0 && Math.Max(shape[^1], shape.Count > 1 ? shape[^2] : 1) >= Side;
}
