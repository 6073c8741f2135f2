using Azure;
using Azure.Storage.Blobs.Specialized;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Azure;

/// <summary>The service's own lease on a blob, by the service's clock. It holds across machines.</summary>
internal sealed class AzureLockLease(AzureBlobs blobs, string path, TimeSpan duration) : ILockLease
{
    private const int NotFound = 404;
    private const int Conflict = 409;
    private const int PreconditionFailed = 412;

    /// <summary>One for all times: a request whose answer was lost can so be sent again.</summary>
    private readonly BlobLeaseClient lease = blobs.Blob(path).GetBlobLeaseClient(Guid.NewGuid().ToString());

    public TimeSpan Duration => duration;

    public async ValueTask<bool> TryAcquireAsync(CancellationToken cancellationToken)
    {
        if (await AskAsync(() => lease.AcquireAsync(duration, cancellationToken: cancellationToken)) is bool isAnswer)
            return isAnswer;
        await blobs.PutAsync(path, default, WriteCondition.IfAbsent, (AzureMarks.Write, "lock"), cancellationToken);
        return await AskAsync(() => lease.AcquireAsync(duration, cancellationToken: cancellationToken)) is true;
    }

    public async ValueTask<bool> TryRenewAsync(CancellationToken cancellationToken) =>
        await AskAsync(() => lease.RenewAsync(cancellationToken: cancellationToken)) is true;

    public async ValueTask ReleaseAsync(CancellationToken cancellationToken) =>
        await AskAsync(() => lease.ReleaseAsync(cancellationToken: cancellationToken));

    /// <returns>False when the lease is somebody else's or lost; null when there is no such blob.</returns>
    private Task<bool?> AskAsync<T>(Func<Task<Response<T>>> request) => blobs.CallAsync<bool?>(path, async () =>
    {
        try
        {
            await request();
            return true;
        }
        catch (RequestFailedException refused) when (refused.Status is Conflict or PreconditionFailed)
        {
            return false;
        }
        catch (RequestFailedException missing) when (missing.Status == NotFound)
        {
            return null;
        }
    });
}
