using Microsoft.Extensions.Time.Testing;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Tests.Stores;

public sealed class LocalLockLeaseTests : LockLeaseContract, IDisposable
{
    private readonly TestFolder folder = new();
    private readonly FakeTimeProvider time = new();

    [Fact]
    public async Task TryAcquire_HolderFellSilent_TakesItAfterItsDurationAndTheHolderHasLost()
    {
        ILockLease one = Lease();
        ILockLease two = Lease();
        Assert.True(await one.TryAcquireAsync(Cancelled));
        Assert.False(await two.TryAcquireAsync(Cancelled));
        time.Advance(Duration - TimeSpan.FromTicks(1));
        Assert.False(await two.TryAcquireAsync(Cancelled));
        time.Advance(TimeSpan.FromTicks(1));
        Assert.True(await two.TryAcquireAsync(Cancelled));
        Assert.False(await one.TryRenewAsync(Cancelled));
        await one.ReleaseAsync(Cancelled);
        Assert.True(await two.TryRenewAsync(Cancelled));
        Assert.False(await one.TryAcquireAsync(Cancelled));
    }

    [Fact]
    public async Task TryAcquire_HolderRenews_NeverTakesIt()
    {
        ILockLease one = Lease();
        ILockLease two = Lease();
        Assert.True(await one.TryAcquireAsync(Cancelled));
        for (int renewal = 0; renewal < 20; renewal++)
        {
            Assert.False(await two.TryAcquireAsync(Cancelled));
            time.Advance(Duration * 0.9);
            Assert.True(await one.TryRenewAsync(Cancelled));
        }
    }

    public void Dispose() => folder.Dispose();

    protected override ILockLease Lease() => new LocalStore(folder.Root).OpenLease("here/lock", Duration, time);
}
