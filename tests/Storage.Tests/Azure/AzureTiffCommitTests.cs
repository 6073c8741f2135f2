using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using Upweave.Storage.Arrays;
using Upweave.Storage.Azure;
using Upweave.Storage.Stores;
using Upweave.Storage.Tests.Tiff;

namespace Upweave.Storage.Tests.Azure;

[Collection(AzureCollection.Name)]
public sealed class AzureTiffCommitTests(AzureFixture azure) : TiffCommitContract
{
    private readonly BlobContainerClient container = azure.NewContainer();

    [Theory]
    [InlineData("PUT ?comp=blocklist", 0)]
    [InlineData("PUT ?comp=block&", 1)]
    public async Task Commit_ProcessEndsOnTheWay_TheNextLeavesOneDirectoryAndNoBlock(string request, int after)
    {
        await TiffSample.WriteAsync(Store(), Array, Layout, TiffSample.LongRange(Layout.Tiles().Count));
        Network network = new();
        network.DieAt(request, after);
        AzureBlobStore dying = new(azure.Open(container.Name, network.Options()));
        await Assert.ThrowsAsync<InvalidOperationException>(() => TiffSample.CommitAsync(dying, Layout));
        Assert.Null(await Store().StatAsync("out", Cancelled));
        Assert.True(await TiffSample.CommitAsync(Store(), Layout));
        await TiffSample.CheckAsync(Store(), Array, Layout);
        Assert.Empty(await AzureFixture.UncommittedAsync(container, "out"));
        Assert.Equal(["out"], await AzureFixture.AllAsync(container));
    }

    /// <summary>A file of one uniform array is header, tiles and directory: a few requests, however many tiles it has.</summary>
    [Fact]
    public async Task Commit_ManyTiles_TakesFewRequests()
    {
        await TiffSample.WriteAsync(Store(), Array, Layout, TiffSample.LongRange(Layout.Tiles().Count));
        Network network = new();
        Assert.True(await TiffSample.CommitAsync(new AzureBlobStore(azure.Open(container.Name, network.Options())), Layout));
        Assert.Equal(3, network.Changes.Count);
        Assert.InRange(network.Count, 3, 6);
    }

    protected override IObjectStore Store() => new AzureBlobStore(container);

    /// <summary>Somebody's commit of the blob removes all its uncommitted blocks.</summary>
    protected override async Task LoseBlocksAsync()
    {
        await container.GetBlockBlobClient("out").CommitBlockListAsync([], cancellationToken: Cancelled);
        await Store().DeleteAsync("out", Cancelled);
        await TiffSample.WriteAsync(Store(), Array, Layout, 1);
    }
}
