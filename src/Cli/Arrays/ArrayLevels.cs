using Upweave.Storage;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;

namespace Upweave.Cli.Arrays;

/// <summary>The headers of an image's resolutions. One that cannot be opened is told, and is no error: the first is what counts.</summary>
internal static class ArrayLevels
{
    /// <returns>The highest first; none for an array that has one resolution without a name.</returns>
    public static async Task<IReadOnlyList<ArrayLevel>> ReadAsync(
        IStoreCatalog stores, string reference, ArrayInfo info, CancellationToken cancellationToken)
    {
        List<ArrayLevel> levels = [];
        foreach (string path in info.Levels)
        {
            levels.Add(levels.Count == 0
                ? new ArrayLevel(path, info, null)
                : await ReadAsync(stores, $"{reference.TrimEnd('/')}/{path}", path, cancellationToken));
        }

        return levels;
    }

    private static async Task<ArrayLevel> ReadAsync(
        IStoreCatalog stores, string reference, string path, CancellationToken cancellationToken)
    {
        try
        {
            return new ArrayLevel(path, await ArrayAccess.DescribeAsync(stores, reference, cancellationToken), null);
        }
        catch (InvalidArrayException invalid)
        {
            return new ArrayLevel(path, null, invalid.Message);
        }
    }
}
