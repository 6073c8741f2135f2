using Azure.Storage.Blobs;
using Upweave.Tests.Servers;

namespace Upweave.EndToEnd.Tests.Servers;

/// <summary>The blob service that the other tests rely on.</summary>
[Collection(ServersCollection.Name)]
public sealed class AzuriteServerTests(ServersFixture servers)
{
    [Fact]
    public async Task Start_TakesABlobAndGivesItBack()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        BlobContainerClient container = new((await servers.AzuriteAsync()).ConnectionString, "support-" + Guid.NewGuid().ToString("N"));
        await container.CreateAsync(cancellationToken: token);
        BlobClient blob = container.GetBlobClient("a/b");
        await blob.UploadAsync(new BinaryData("content"), token);
        Assert.Equal("content", (await blob.DownloadContentAsync(token)).Value.Content.ToString());
        await container.DeleteAsync(cancellationToken: token);
    }
}
