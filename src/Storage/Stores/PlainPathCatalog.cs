using System.Collections.Concurrent;

namespace Upweave.Storage.Stores;

/// <summary>
/// The command line's references: paths of files, absolute or relative to the current folder. The path of the result is
/// absolute without its leading '/', in a store of the whole file system.
/// </summary>
public sealed class PlainPathCatalog : IStoreCatalog
{
    /// <summary>One store for each root: one on Unix, one for each drive on Windows.</summary>
    private readonly ConcurrentDictionary<string, LocalStore> stores = new(StringComparer.Ordinal);

    public StoreLocation Resolve(string reference)
    {
        if (reference.Length == 0 || reference.Contains('\0'))
            throw new InvalidArrayException("The path of an array is empty or has a null character.");
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(reference));
        string root = Path.GetPathRoot(full)!;
        string path = full[root.Length..].Replace(Path.DirectorySeparatorChar, '/');
        return new StoreLocation(stores.GetOrAdd(root, static root => new LocalStore(root)), StorePath.Check(path));
    }
}
