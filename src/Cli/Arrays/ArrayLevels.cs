using Upweave.Storage;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;

namespace Upweave.Cli.Arrays;

/// <summary>The resolutions of an image. One that cannot be opened is told, and is no error: the first is what counts.</summary>
internal static class ArrayLevels
{
    /// <returns>The highest first, each with its shape or its problem; none for an array that has one resolution without a name.</returns>
    public static async Task<IReadOnlyList<ArrayLevel>> ReadAsync(
        IStoreCatalog stores, string reference, ArrayInfo info, CancellationToken cancellationToken)
    {
        List<ArrayLevel> levels = [];
        foreach (ArrayLevel level in info.Levels)
        {
            levels.Add(level.Shape is null && level.Problem is null ? await OpenAsync(stores, reference, level, cancellationToken) : level);
        }

        return levels;
    }

    private static async Task<ArrayLevel> OpenAsync(
        IStoreCatalog stores, string reference, ArrayLevel level, CancellationToken cancellationToken)
    {
        try
        {
            ArrayInfo info = await ArrayAccess.DescribeAsync(stores, level.ReferenceIn(reference), cancellationToken);
            return level with { Shape = info.Shape };
        }
        catch (InvalidArrayException invalid)
        {
            return level with { Problem = invalid.Message };
        }
    }
}
