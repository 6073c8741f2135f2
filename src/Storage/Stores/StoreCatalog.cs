namespace Upweave.Storage.Stores;

/// <summary>Stores configured by name: a job's reference <c>name/path</c> can reach nothing else.</summary>
public sealed class StoreCatalog : IStoreCatalog
{
    private readonly Dictionary<string, IObjectStore> stores;

    /// <param name="addresses">Where each store is, by its name; see <see cref="StoreAddress"/>.</param>
    /// <exception cref="InvalidArrayException">An address is malformed; the message names the store.</exception>
    public StoreCatalog(IReadOnlyDictionary<string, string> addresses) => stores = addresses.ToDictionary(
        store => CheckName(store.Key), store => StoreAddress.Open(store.Key, store.Value), StringComparer.Ordinal);

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
