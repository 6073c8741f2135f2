using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using Upweave.Storage.Azure;
using Upweave.Tests.Servers;

namespace Upweave.Storage.Tests.Azure;

/// <summary>One blob service for all tests of <see cref="AzureCollection"/>; each test has a container of its own.</summary>
public sealed class AzureFixture : IAsyncLifetime
{
    private AzuriteServer? server;

    public string ConnectionString => server!.ConnectionString;

    public async ValueTask InitializeAsync() => server = await AzuriteServer.StartAsync(TestContext.Current.CancellationToken);

    /// <summary>A container that nobody has; it is made by the first write.</summary>
    public BlobContainerClient NewContainer(BlobClientOptions? options = null) =>
        Open($"test-{Guid.NewGuid():N}", options);

    public BlobContainerClient Open(string container, BlobClientOptions? options = null) =>
        new(ConnectionString, container, options ?? AzureRequests.Options());

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
            await server.DisposeAsync();
    }

    /// <summary>Everything the container holds: blobs, and names with uncommitted blocks only.</summary>
    public static async Task<string[]> AllAsync(BlobContainerClient container)
    {
        List<string> names = [];
        await foreach (var item in container.GetBlobsAsync(
            new() { States = global::Azure.Storage.Blobs.Models.BlobStates.Uncommitted }, TestContext.Current.CancellationToken))
        {
            names.Add(item.Name);
        }

        return [.. names.Order(StringComparer.Ordinal)];
    }

    /// <summary>The ids of a blob's uncommitted blocks.</summary>
    public static async Task<string[]> UncommittedAsync(BlobContainerClient container, string name)
    {
        var list = await container.GetBlockBlobClient(name).GetBlockListAsync(cancellationToken: TestContext.Current.CancellationToken);
        return [.. list.Value.UncommittedBlocks.Select(block => block.Name)];
    }
}
