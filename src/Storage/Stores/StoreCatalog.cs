namespace Upweave.Storage.Stores;

/// <summary>Stores configured by name: a job's reference <c>name/path</c> can reach nothing else.</summary>
public sealed class StoreCatalog : IStoreCatalog
{
    private readonly Dictionary<string, IObjectStore> stores;

    /// <param name="roots">The root folder of each local store, by the store's name.</param>
    public StoreCatalog(IReadOnlyDictionary<string, string> roots) => stores = roots.ToDictionary(
        root => CheckName(root.Key), root => (IObjectStore)new LocalStore(root.Value), StringComparer.Ordinal);

    public StoreLocation Resolve(string reference)
    {
        string[] parts = reference.Split('/', 2);
        if (parts.Length < 2 || !stores.TryGetValue(parts[0], out IObjectStore? store))
        {
            throw new InvalidArrayException(
                $"'{reference}' names no store.", $"write store/path with a store of: {string.Join(", ", stores.Keys.Order())}");
        }

        return new StoreLocation(store, StorePath.Check(parts[1]));
    }

    private static string CheckName(string name) => name.Length > 0 && !name.Contains('/')
        ? name
        : throw new ArgumentException($"'{name}' cannot name a store: it is empty or has a '/'.", nameof(name));
}
