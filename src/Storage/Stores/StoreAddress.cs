using Upweave.Storage.Azure;

namespace Upweave.Storage.Stores;

/// <summary>
/// Where a configured store is, in one text: the path of a folder; the address of a blob container, with a SAS or without; or a
/// connection string of Azure Storage with <c>Container=NAME</c>. Messages never have the text itself, which may hold a secret.
/// </summary>
public static class StoreAddress
{
    /// <summary>Opens the store; nothing is sent yet.</summary>
    /// <param name="name">The store's name, for messages.</param>
    /// <exception cref="InvalidArrayException">The text is none of the three.</exception>
    public static IObjectStore Open(string name, string address)
    {
        address = address.Trim();
        if (address.Length == 0)
            throw new InvalidArrayException($"The store '{name}' has no address.", Hint);
        if (AzureConnectionString.IsOne(address))
            return AzureConnectionString.Open(name, address);
        int scheme = address.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
            return new LocalStore(address);
        return address[..scheme].ToLowerInvariant() is "http" or "https"
            ? AzureContainerAddress.Open(name, address)
            : throw new InvalidArrayException($"The address of the store '{name}' has a scheme that is not supported.", Hint);
    }

    private const string Hint =
        "give the path of a folder, https://ACCOUNT.blob.core.windows.net/CONTAINER, or a connection string with Container=NAME";
}
