using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

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

    /// <summary>Takes the lease of an object from whoever has it.</summary>
    /// <param name="reference"><c>store/path</c>.</param>
    public static async Task BreakLeaseAsync(Deployment deployment, string reference)
    {
        string[] parts = reference.Split('/', 2);
        BlobClient blob = new BlobContainerClient(deployment.Azurite, $"{deployment.Prefix}-{parts[0]}").GetBlobClient(parts[1]);
        await blob.GetBlobLeaseClient().BreakAsync(TimeSpan.Zero, cancellationToken: TestContext.Current.CancellationToken);
    }

    /// <summary>Writes an object.</summary>
    /// <param name="reference"><c>store/path</c>.</param>
    public static async Task WriteAsync(Deployment deployment, string reference, string text)
    {
        string[] parts = reference.Split('/', 2);
        BlobContainerClient container = new(deployment.Azurite, $"{deployment.Prefix}-{parts[0]}");
        await container.CreateIfNotExistsAsync(cancellationToken: TestContext.Current.CancellationToken);
        await container.GetBlobClient(parts[1]).UploadAsync(BinaryData.FromString(text), overwrite: true, TestContext.Current.CancellationToken);
    }

    /// <summary>Reads an object.</summary>
    /// <param name="reference"><c>store/path</c>.</param>
    public static async Task<string> ReadAsync(Deployment deployment, string reference)
    {
        string[] parts = reference.Split('/', 2);
        BlobClient blob = new BlobContainerClient(deployment.Azurite, $"{deployment.Prefix}-{parts[0]}").GetBlobClient(parts[1]);
        return (await blob.DownloadContentAsync(TestContext.Current.CancellationToken)).Value.Content.ToString();
    }

    /// <summary>When an object was last written.</summary>
    /// <param name="reference"><c>store/path</c>.</param>
    public static async Task<DateTimeOffset> WrittenAtAsync(Deployment deployment, string reference)
    {
        string[] parts = reference.Split('/', 2);
        BlobClient blob = new BlobContainerClient(deployment.Azurite, $"{deployment.Prefix}-{parts[0]}").GetBlobClient(parts[1]);
        return (await blob.GetPropertiesAsync(cancellationToken: TestContext.Current.CancellationToken)).Value.LastModified;
    }

    /// <summary>Makes the service forget the blocks of an object that nobody has committed.</summary>
    /// <param name="reference"><c>store/path</c>.</param>
    public static async Task DropBlocksAsync(Deployment deployment, string reference)
    {
        string[] parts = reference.Split('/', 2);
        BlockBlobClient blob = new BlobContainerClient(deployment.Azurite, $"{deployment.Prefix}-{parts[0]}").GetBlockBlobClient(parts[1]);
        await blob.CommitBlockListAsync([], cancellationToken: TestContext.Current.CancellationToken);
        await blob.DeleteAsync(cancellationToken: TestContext.Current.CancellationToken);
    }

    /// <summary>How many blocks of an object nobody has committed.</summary>
    /// <param name="reference"><c>store/path</c>.</param>
    public static async Task<int> UncommittedBlocksAsync(Deployment deployment, string reference)
    {
        string[] parts = reference.Split('/', 2);
        BlockBlobClient blob = new BlobContainerClient(deployment.Azurite, $"{deployment.Prefix}-{parts[0]}").GetBlockBlobClient(parts[1]);
        try
        {
            BlockList list = await blob.GetBlockListAsync(BlockListTypes.Uncommitted, cancellationToken: TestContext.Current.CancellationToken);
            return list.UncommittedBlocks.Count();
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return 0;
        }
    }
}
