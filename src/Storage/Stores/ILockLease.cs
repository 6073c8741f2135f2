namespace Upweave.Storage.Stores;

/// <summary>
/// A lock that at most one holder has, and only for a time: one that is gone, or stands still, loses it. Whoever holds it counts that
/// time from before the request that got it was sent, by a clock that goes on while the process stands still. For one caller at a time.
/// </summary>
public interface ILockLease
{
    /// <summary>How long it lasts after each time it was got.</summary>
    TimeSpan Duration { get; }

    /// <summary>Takes the lock when nobody has it.</summary>
    /// <returns>False when somebody has, or may have.</returns>
    /// <exception cref="IOException">The store does not answer; whether the lock was taken is not known.</exception>
    ValueTask<bool> TryAcquireAsync(CancellationToken cancellationToken);

    /// <summary>Makes it last from now on.</summary>
    /// <returns>False when it was lost.</returns>
    /// <exception cref="IOException">The store does not answer; the lease ends when it would have.</exception>
    ValueTask<bool> TryRenewAsync(CancellationToken cancellationToken);

    /// <summary>Gives it up, so that the next one need not wait; nothing happens when it was lost.</summary>
    ValueTask ReleaseAsync(CancellationToken cancellationToken);
}
