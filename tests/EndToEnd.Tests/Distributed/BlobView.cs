using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Upweave.EndToEnd.Tests.Distributed;

/// <summary>Looks into a container with the service's own client, past all of Upweave's code.</summary>
internal static class BlobView
{
    /// <summary>The names of all objects, and of those that are nothing but blocks nobody has committed.</summary>
    public static async Task<IReadOnlyList<string>> NamesAsync(Deployment deployment, string store)
    {
        BlobContainerClient container = new(deployment.Azurite, $"{deployment.Prefix}-{store}");
        List<string> names = [];
        if (!await container.ExistsAsync(TestContext.Current.CancellationToken))
            return names;
        GetBlobsOptions all = new() { States = BlobStates.Uncommitted };
        await foreach (BlobItem blob in container.GetBlobsAsync(all, TestContext.Current.CancellationToken))
        {
            names.Add(blob.Name);
        }

        return names;
    }
}
