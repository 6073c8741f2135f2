using System.Collections.Concurrent;
using Upweave.Storage.Stores;

namespace Upweave.Cli.Arrays;

/// <summary>
/// The command line's references: <c>store/path</c> where the first segment is the name of a store, else the path of a file. A
/// folder that has a store's name can still be named with <c>./</c> before it.
/// </summary>
/// <param name="stores">What each store is, by its name. A store that nobody names is not opened.</param>
internal sealed class ReferenceCatalog(IReadOnlyDictionary<string, string> stores) : IStoreCatalog
{
    private readonly PlainPathCatalog plain = new();
    private readonly ConcurrentDictionary<string, StoreCatalog> opened = new(StringComparer.Ordinal);

    /// <summary>Nothing but paths.</summary>
    public static ReferenceCatalog PlainPaths { get; } = new(new Dictionary<string, string>());

    public StoreLocation Resolve(string reference) =>
        StoreOf(reference) is { } name ? Open(name).Resolve(reference) : plain.Resolve(reference);

    /// <summary>A folder; the name of a store alone stands for all of it, with an empty path.</summary>
    /// <exception cref="Storage.InvalidArrayException">There is no such store, or the path leaves it.</exception>
    public StoreLocation ResolveFolder(string reference)
    {
        string trimmed = reference.Length > 1 ? reference.TrimEnd('/') : reference;
        return stores.ContainsKey(trimmed) ? Open(trimmed).Resolve($"{trimmed}/any") with { Path = "" } : Resolve(trimmed);
    }

    /// <summary>
    /// Identifies the place that a reference names, however it is spelled: the same text for the same file in one folder. May hold
    /// a secret, so it is for comparing and hashing only.
    /// </summary>
    public string PlaceOf(string reference)
    {
        if (StoreOf(reference) is not { } name)
            return Path.TrimEndingDirectorySeparator(Path.GetFullPath(reference));
        string root = stores[name];
        string path = reference[(name.Length + 1)..];
        bool isFolder = !root.Contains("://", StringComparison.Ordinal) && !root.Contains(';', StringComparison.Ordinal);
        return isFolder ? Path.GetFullPath(Path.Combine(root, path)) : $"{root}\n{path}";
    }

    private string? StoreOf(string reference)
    {
        int slash = reference.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && stores.ContainsKey(reference[..slash]) ? reference[..slash] : null;
    }

    private StoreCatalog Open(string name) => opened.GetOrAdd(
        name, name => new StoreCatalog(new Dictionary<string, string>(StringComparer.Ordinal) { [name] = stores[name] }));
}
