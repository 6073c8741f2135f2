using Azure.Storage.Blobs.Models;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Azure;

/// <summary>
/// Removes an owner's uncommitted blocks. The service has no request for that: it drops all uncommitted blocks of a blob when
/// a block list is committed that does not name them. So, where there are blocks of this owner,
/// <list type="bullet">
/// <item>and of another owner or program too, nothing is done: theirs would go as well;</item>
/// <item>and no blob, an empty list is committed and the empty blob deleted;</item>
/// <item>and a blob of somebody else, its own list is committed again, where that keeps everything that is known of it.</item>
/// </list>
/// Blocks that stay are removed by the next commit of the blob, or by the service a week after the last was written.
/// </summary>
internal sealed class AzureBlockDiscard(AzureBlobs blobs, AzureBlockLists lists, string path, string owner, byte[] ownerBytes)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await RemoveRemainsAsync(cancellationToken);
        (IReadOnlyList<BlobBlock> committed, IReadOnlyList<BlobBlock> uncommitted) = await lists.ReadAsync(cancellationToken);
        bool isOnlyOurs = uncommitted.All(block => AzureBlockId.Parse(block.Name, block.SizeLong, ownerBytes) is not null);
        if (uncommitted.Count == 0 || !isOnlyOurs)
            return;
        if (await blobs.PropertiesAsync(path, cancellationToken) is not { } published)
            await CommitNothingAsync(cancellationToken);
        else if (AzureMarks.Find(published.Metadata, AzureMarks.Owner) != owner)
            await RestoreAsync(published, committed, cancellationToken);
    }

    /// <summary>Deletes the empty blob of a discard, whoever's, that ended before it had deleted it.</summary>
    public async Task RemoveRemainsAsync(CancellationToken cancellationToken)
    {
        if (await blobs.FindAsync(path, cancellationToken) is { IsDiscarding: true } remains)
            await blobs.DeleteAsync(path, remains.Info.ETag, cancellationToken);
    }

    private async Task CommitNothingAsync(CancellationToken cancellationToken)
    {
        CommitBlockListOptions options = new()
        {
            Conditions = AzureBlobs.Conditions(WriteCondition.IfAbsent),
            Metadata = new Dictionary<string, string> { [AzureMarks.Discarding] = owner },
        };
        // False: something has been published meanwhile, which removed the blocks, or this is the second answer to one request.
        await lists.CommitAsync([], options, cancellationToken);
        await RemoveRemainsAsync(cancellationToken);
    }

    private async Task RestoreAsync(BlobProperties published, IReadOnlyList<BlobBlock> committed, CancellationToken cancellationToken)
    {
        // A blob that was written whole has no blocks to name; tags, leases and customers' keys would have to be given again.
        bool isKept = committed.Sum(block => block.SizeLong) == published.ContentLength
            && published.BlobType == BlobType.Block
            && published.TagCount == 0
            && published.LeaseState != LeaseState.Leased
            && published.EncryptionScope is null
            && published.EncryptionKeySha256 is null;
        if (!isKept)
            return;
        string etag = AzureETags.Text(published.ETag);
        Dictionary<string, string> metadata = new(published.Metadata, StringComparer.OrdinalIgnoreCase);
        metadata[AzureMarks.Restored] = AzureMarks.AddRestored(metadata.GetValueOrDefault(AzureMarks.Restored), etag);
        CommitBlockListOptions options = new()
        {
            Conditions = AzureBlobs.Conditions(WriteCondition.IfMatch(etag)),
            Metadata = metadata,
            AccessTier = published.AccessTierInferred || published.AccessTier is null ? default(AccessTier?) : published.AccessTier,
            HttpHeaders = new BlobHttpHeaders
            {
                ContentType = published.ContentType,
                ContentEncoding = published.ContentEncoding,
                ContentLanguage = published.ContentLanguage,
                ContentDisposition = published.ContentDisposition,
                CacheControl = published.CacheControl,
                ContentHash = published.ContentHash,
            },
        };
        // False: somebody has changed the blob meanwhile; blocks are gone, or will be with the next of these.
        await lists.CommitAsync(committed.Select(block => block.Name), options, cancellationToken);
    }
}
