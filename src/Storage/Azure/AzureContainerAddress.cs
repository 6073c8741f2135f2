using Azure.Storage.Blobs;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Azure;

/// <summary>
/// <c>https://ACCOUNT.blob.core.windows.net/CONTAINER[/PREFIX][?SAS]</c>. Without a SAS the credential is the host's own
/// (DefaultAzureCredential: a managed identity, environment variables, az login).
/// </summary>
internal static class AzureContainerAddress
{
    private const string Hint = "write https://ACCOUNT.blob.core.windows.net/CONTAINER, with /PREFIX and ?SAS where needed";

    /// <exception cref="InvalidArrayException">It is malformed; the message does not quote it.</exception>
    public static AzureBlobStore Open(string name, string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri))
            throw Malformed(name, "is no address");
        if (uri.UserInfo.Length > 0 || uri.Fragment.Length > 0)
            throw Malformed(name, "has a user or a fragment");
        AzureTransport.Check(name, uri);
        BlobUriBuilder parts = new(uri);
        if (parts.Sas is null && uri.Query.Length > 0)
            throw Malformed(name, "has a query that is no SAS");
        string prefix = parts.BlobName.Trim('/');
        CheckParts(name, parts.BlobContainerName, prefix);
        parts.BlobName = "";
        BlobClientOptions options = AzureRequests.Options();
        if (parts.Sas is not null)
            return new AzureBlobStore(new BlobContainerClient(parts.ToUri(), options), prefix);
        return uri.Scheme == Uri.UriSchemeHttps
            ? new AzureBlobStore(new BlobContainerClient(parts.ToUri(), AzureRequests.Credential.Value, options), prefix)
            : throw Malformed(name, "has no SAS, and tokens are never sent over http");
    }

    /// <summary>Checks the names of a container and of the folder in it that is the store's root.</summary>
    public static void CheckParts(string name, string container, string prefix)
    {
        bool isName = container.Length is >= 3 and <= 63
            && container.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-')
            && char.IsAsciiLetterOrDigit(container[0]) && char.IsAsciiLetterOrDigit(container[^1])
            && !container.Contains("--", StringComparison.Ordinal);
        if (!isName)
        {
            throw new InvalidArrayException(
                $"The address of the store '{name}' names {(container.Length == 0 ? "no container" : $"a container '{container}'")}.",
                "a container's name is 3 to 63 lower-case letters, digits and single hyphens");
        }

        if (prefix.Length > 0)
            StorePath.Check(prefix);
    }

    private static InvalidArrayException Malformed(string name, string fault) => new($"The address of the store '{name}' {fault}.", Hint);
}
