using System.Text;

namespace Upweave.Storage.Stores;

/// <summary>
/// A lease on a file. The holder rewrites it; who wants it watches it, and takes it once it has not changed for the lease's duration.
/// Each watches by its own clock, so clocks need not agree, and a holder that has vanished without a word is waited for that long. Every
/// change is conditional on the ETag, so one that stood still and comes back finds that it has lost.
/// </summary>
/// <remarks>
/// It excludes as far as <see cref="PathLock"/> does: all processes of one machine, and other machines where the file system locks across
/// them (NFS 4, SMB); elsewhere two could both find the condition met. A process that is stopped within the few milliseconds of such a
/// write keeps all others waiting. Deployments of several machines use blob storage.
/// </remarks>
internal sealed class LocalLockLease(LocalStore store, string path, TimeSpan duration, TimeProvider time) : ILockLease
{
    private readonly byte[] holder = Encoding.ASCII.GetBytes(Guid.NewGuid().ToString("N"));
    private string? held;
    private string? seen;
    private long seenAt;

    public TimeSpan Duration => duration;

    public async ValueTask<bool> TryAcquireAsync(CancellationToken cancellationToken)
    {
        ObjectInfo? found = await store.StatAsync(path, cancellationToken);
        bool isFree = found is null or { Length: 0 };
        if (!isFree && found!.ETag != seen)
        {
            seen = found.ETag;
            seenAt = time.GetTimestamp();
        }

        if (!isFree && time.GetElapsedTime(seenAt) < duration)
            return false;
        return await TryWriteAsync(found?.ETag, holder, cancellationToken);
    }

    public async ValueTask<bool> TryRenewAsync(CancellationToken cancellationToken) =>
        held is string mine && await TryWriteAsync(mine, holder, cancellationToken);

    /// <summary>An empty file is nobody's.</summary>
    public async ValueTask ReleaseAsync(CancellationToken cancellationToken)
    {
        if (held is string mine)
            await TryWriteAsync(mine, ReadOnlyMemory<byte>.Empty, cancellationToken);
        held = null;
    }

    /// <param name="etag">What the file must have; null: there must be none.</param>
    private async ValueTask<bool> TryWriteAsync(string? etag, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        held = null;
        long start = time.GetTimestamp();
        WriteCondition condition = etag is null ? WriteCondition.IfAbsent : WriteCondition.IfMatch(etag);
        if (!await store.WriteAsync(path, content, condition, cancellationToken))
            return false;

        // Nobody else writes before the lease has ended, so this is the ETag of the own write; one read later may be another's.
        string? written = (await store.StatAsync(path, cancellationToken))?.ETag;
        held = time.GetElapsedTime(start) < duration ? written : null;
        return held is not null;
    }
}
