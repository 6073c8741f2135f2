using Upweave.Storage.Stores;

namespace Upweave.Coordinator.Tests.Standby;

/// <summary>One lock for several holders, by the clock of the test. A holder's store can be out of reach.</summary>
internal sealed class ScriptedLock(TimeProvider time, TimeSpan duration)
{
    private ScriptedLease? holder;
    private long since;

    /// <summary>Whether a holder other than this one has the lock at the moment.</summary>
    public ScriptedLease? Holder => holder is not null && time.GetElapsedTime(since) < duration ? holder : null;

    public ScriptedLease Lease() => new(this, duration);

    /// <summary>Takes the lock from whoever has it, as somebody who breaks the lease does.</summary>
    public void Break() => holder = null;

    public bool TryTake(ScriptedLease lease, bool mustHave)
    {
        if (mustHave ? holder != lease : Holder is not null && Holder != lease)
            return false;
        holder = lease;
        since = time.GetTimestamp();
        return true;
    }

    public void Free(ScriptedLease lease)
    {
        if (holder == lease)
            holder = null;
    }
}

/// <summary>One holder's view of the lock.</summary>
internal sealed class ScriptedLease(ScriptedLock shared, TimeSpan duration) : ILockLease
{
    public TimeSpan Duration => duration;

    public bool IsCutOff { get; set; }

    /// <summary>Requests get no answer at all.</summary>
    public bool Hangs { get; set; }

    public int Renewals { get; private set; }

    public async ValueTask<bool> TryAcquireAsync(CancellationToken cancellationToken)
    {
        await ReachAsync(cancellationToken);
        return shared.TryTake(this, mustHave: false);
    }

    public async ValueTask<bool> TryRenewAsync(CancellationToken cancellationToken)
    {
        await ReachAsync(cancellationToken);
        Renewals++;
        return shared.TryTake(this, mustHave: true);
    }

    public async ValueTask ReleaseAsync(CancellationToken cancellationToken)
    {
        await ReachAsync(cancellationToken);
        shared.Free(this);
    }

    private async Task ReachAsync(CancellationToken cancellationToken)
    {
        if (Hangs)
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        if (IsCutOff)
            throw new IOException("The store does not answer.");
    }
}
