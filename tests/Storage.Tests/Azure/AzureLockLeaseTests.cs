using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using Upweave.Storage.Azure;
using Upweave.Storage.Stores;
using Upweave.Storage.Tests.Stores;

namespace Upweave.Storage.Tests.Azure;

[Collection(AzureCollection.Name)]
public sealed class AzureLockLeaseTests(AzureFixture azure) : LockLeaseContract
{
    private readonly BlobContainerClient container = azure.NewContainer();

    /// <summary>The service keeps the time, and breaks a lease at once when told so.</summary>
    [Fact]
    public async Task TryRenew_LeaseBroken_HasLostItToTheNext()
    {
        ILockLease one = Lease();
        ILockLease two = Lease();
        Assert.True(await one.TryAcquireAsync(Cancelled));
        await Blob.GetBlobLeaseClient().BreakAsync(TimeSpan.Zero, cancellationToken: Cancelled);
        Assert.True(await two.TryAcquireAsync(Cancelled));
        Assert.False(await one.TryRenewAsync(Cancelled));
        Assert.False(await one.TryAcquireAsync(Cancelled));
        Assert.True(await two.TryRenewAsync(Cancelled));
    }

    /// <summary>A real lease: the service itself refuses whoever writes without it.</summary>
    [Fact]
    public async Task TryAcquire_TheServiceItself_HasALeaseOf15Seconds()
    {
        Assert.True(await Lease().TryAcquireAsync(Cancelled));
        var properties = (await Blob.GetPropertiesAsync(cancellationToken: Cancelled)).Value;
        Assert.Equal("leased", properties.LeaseState.ToString(), ignoreCase: true);
        Assert.Equal("fixed", properties.LeaseDuration.ToString(), ignoreCase: true);
    }

    [Fact]
    public async Task TryRenew_BlobDeleted_HasLostIt()
    {
        ILockLease one = Lease();
        Assert.True(await one.TryAcquireAsync(Cancelled));
        await Blob.GetBlobLeaseClient().BreakAsync(TimeSpan.Zero, cancellationToken: Cancelled);
        await Blob.DeleteAsync(cancellationToken: Cancelled);
        Assert.False(await one.TryRenewAsync(Cancelled));
        Assert.True(await one.TryAcquireAsync(Cancelled));
    }

    [Fact]
    public async Task TryAcquire_NobodyAnswers_IsAnOutage()
    {
        const string Address = "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:9/a";
        ILockLease lease = new AzureBlobStore(new BlobContainerClient(Address, "gone", new Network().Options()))
            .OpenLease("lock", Duration, TimeProvider.System);
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await lease.TryAcquireAsync(Cancelled));
    }

    protected override ILockLease Lease() =>
        new AzureBlobStore(azure.Open(container.Name), "prefix").OpenLease("here/lock", Duration, TimeProvider.System);

    private BlobClient Blob => container.GetBlobClient("prefix/here/lock");
}
