using System.Text;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Azure;

/// <summary>
/// Makes the place of a tree ready for a plan's parts. That it began is recorded in <c>PATH.upweave/OWNER/prepared</c>: by this an
/// interrupted preparation knows that the old metadata is gone because it removed it, and a writer that it may still write.
/// </summary>
/// <param name="metadata">Path of the object that makes the tree one for readers.</param>
internal sealed class AzureTreePreparation(AzureBlobs blobs, string path, string owner, string metadata)
{
    private string Record => $"{path}.upweave/{owner}/prepared";

    /// <returns>False when the condition does not hold; nothing is removed then.</returns>
    public async Task<bool> RunAsync(WriteCondition condition, CancellationToken cancellationToken)
    {
        AzureBlob? published = await blobs.FindAsync(metadata, cancellationToken);
        if (published?.Info.Owner == owner)
            return true;
        bool isNew = !await IsDoneAsync(cancellationToken);
        if (await blobs.FindAsync(path, cancellationToken) is { IsObject: true } || !Holds(condition, published))
            return false;
        if (MayBeSomebodys(condition, published, isNew) && await HoldsOthersAsync(cancellationToken))
            return false;
        await blobs.PutAsync(
            Record, Encoding.ASCII.GetBytes(owner), WriteCondition.Always, (AzureMarks.Owner, owner), cancellationToken);
        // Before anything else: nobody may find new parts under the old metadata.
        if (published is not null && !await blobs.DeleteAsync(metadata, published.Info.ETag, cancellationToken))
            return false;
        await AzureTreeRemoval.RunAsync(blobs, path, blob => blob.IsObject && blob.Info.Owner != owner, cancellationToken);
        return true;
    }

    /// <summary>True once the plan has begun to prepare, until it is discarded or cleaned up.</summary>
    public async Task<bool> IsDoneAsync(CancellationToken cancellationToken) =>
        await blobs.FindAsync(Record, cancellationToken) is not null;

    /// <summary>From now on the plan's writers replace nothing.</summary>
    public Task RevokeAsync(CancellationToken cancellationToken) => blobs.DeleteAsync(Record, ifMatch: null, cancellationToken);

    /// <summary>Metadata that is already gone is what a replacement wants, whoever removed it.</summary>
    private static bool Holds(WriteCondition condition, AzureBlob? published) =>
        published is null || (!condition.MustBeAbsent && (condition.ETag is null || condition.ETag == published.Info.ETag));

    /// <summary>
    /// Whether unmarked objects may be somebody's own files. They are an old tree's parts where that was to be replaced and its
    /// metadata is there, or was when an earlier run removed it.
    /// </summary>
    private static bool MayBeSomebodys(WriteCondition condition, AzureBlob? published, bool isNew) =>
        condition.MustBeAbsent || (condition.ETag is not null && published is null && isNew);

    private async Task<bool> HoldsOthersAsync(CancellationToken cancellationToken)
    {
        await foreach (AzureBlob blob in blobs.ListAsync(path, cancellationToken))
        {
            if (blob.IsObject && blob.Info.Owner is null)
                return true;
        }

        return false;
    }
}
