using Azure.Storage.Blobs;

namespace Upweave.Storage.Azure;

/// <summary>
/// A connection string as Azure's portal gives it, or <c>UseDevelopmentStorage=true</c> for an emulator, with two entries of our own:
/// <c>Container=NAME</c>, and <c>Prefix=FOLDER</c> where the store is not all of it.
/// </summary>
internal static class AzureConnectionString
{
    private const string ContainerKey = "Container";
    private const string PrefixKey = "Prefix";

    /// <summary>What a connection string may begin with; no folder does.</summary>
    private static readonly string[] Keys =
    [
        "DefaultEndpointsProtocol", "AccountName", "AccountKey", "BlobEndpoint", "SharedAccessSignature", "EndpointSuffix",
        "UseDevelopmentStorage", "DevelopmentStorageProxyUri", "QueueEndpoint", "TableEndpoint", "FileEndpoint", ContainerKey, PrefixKey,
    ];

    public static bool IsOne(string address) =>
        address.IndexOf('=') is int mark and > 0 && Keys.Contains(address[..mark].Trim(), StringComparer.OrdinalIgnoreCase);

    /// <exception cref="InvalidArrayException">It is malformed; the message does not quote it.</exception>
    public static AzureBlobStore Open(string name, string address)
    {
        string[] entries = address.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string container = ValueOf(entries, ContainerKey);
        string prefix = ValueOf(entries, PrefixKey).Trim('/');
        AzureContainerAddress.CheckParts(name, container, prefix);
        string connection = string.Join(';', entries.Where(entry => !IsKey(entry, ContainerKey) && !IsKey(entry, PrefixKey)));
        BlobContainerClient client;
        try
        {
            client = new BlobContainerClient(connection, container, AzureRequests.Options());
        }
        catch (Exception error) when (error is FormatException or ArgumentException or IndexOutOfRangeException)
        {
            // Not as the inner exception, which may quote a key.
            throw new InvalidArrayException(
                $"The connection string of the store '{name}' is malformed.", "copy it from the account's page (access keys) once more");
        }

        AzureTransport.Check(name, client.Uri);
        return new AzureBlobStore(client, prefix);
    }

    private static string ValueOf(string[] entries, string key) =>
        entries.FirstOrDefault(entry => IsKey(entry, key))?[(key.Length + 1)..].Trim() ?? "";

    private static bool IsKey(string entry, string key) => entry.StartsWith(key + '=', StringComparison.OrdinalIgnoreCase);
}
