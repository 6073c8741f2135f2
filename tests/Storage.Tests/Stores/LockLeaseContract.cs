using Upweave.Storage.Stores;

namespace Upweave.Storage.Tests.Stores;

/// <summary>What every lease on a lock does.</summary>
public abstract class LockLeaseContract
{
    /// <summary>The least that blob storage has.</summary>
    protected static readonly TimeSpan Duration = TimeSpan.FromSeconds(15);

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>One more process that wants the lock <c>here/lock</c>.</summary>
    protected abstract ILockLease Lease();

    [Fact]
    public async Task TryAcquire_Twice_OnlyTheFirstHoldsAndRenews()
    {
        ILockLease one = Lease();
        ILockLease two = Lease();
        Assert.True(await one.TryAcquireAsync(Cancelled));
        Assert.False(await two.TryAcquireAsync(Cancelled));
        Assert.False(await two.TryRenewAsync(Cancelled));
        Assert.True(await one.TryRenewAsync(Cancelled));
        Assert.True(await one.TryRenewAsync(Cancelled));
        Assert.Equal(Duration, one.Duration);
    }

    [Fact]
    public async Task TryAcquire_ManyAtOnce_OneHolds()
    {
        ILockLease[] leases = [.. Enumerable.Range(0, 8).Select(_ => Lease())];
        bool[] taken = await Task.WhenAll(leases.Select(lease => Task.Run(() => lease.TryAcquireAsync(Cancelled).AsTask(), Cancelled)));
        Assert.Single(taken, isTaken => isTaken);
        await leases[Array.IndexOf(taken, true)].ReleaseAsync(Cancelled);
        Assert.True(await Lease().TryAcquireAsync(Cancelled));
    }

    [Fact]
    public async Task Release_FreesItForTheOtherAtOnce_AndOnlyByTheHolder()
    {
        ILockLease one = Lease();
        ILockLease two = Lease();
        await one.ReleaseAsync(Cancelled);
        Assert.True(await one.TryAcquireAsync(Cancelled));
        await two.ReleaseAsync(Cancelled);
        Assert.False(await two.TryAcquireAsync(Cancelled));
        await one.ReleaseAsync(Cancelled);
        Assert.True(await two.TryAcquireAsync(Cancelled));
        Assert.False(await one.TryRenewAsync(Cancelled));
        await one.ReleaseAsync(Cancelled);
        Assert.True(await two.TryRenewAsync(Cancelled));
    }
}
