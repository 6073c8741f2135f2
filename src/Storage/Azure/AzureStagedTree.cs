using System.Runtime.CompilerServices;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Azure;

/// <summary>
/// A staged tree whose parts are blobs at their final places, since a blob cannot be renamed. Each carries its plan's mark; what
/// makes the tree one for readers is the metadata, which is removed before the first part is written and written after the last.
/// </summary>
/// <remarks>
/// A writer that is late (a worker of a plan that was cancelled or published) may still add a part that is not there: it counts for
/// nobody, and the next plan's preparation removes it. It cannot change a part that another plan has written: a part is
/// written only where none is, and one of another plan is replaced only by the plan whose record of preparation lies beside the tree.
/// </remarks>
internal sealed class AzureStagedTree : IStagedTree
{
    /// <summary>A part that keeps changing under its writer is given up; each round has one more request.</summary>
    private const int ReplacementsMax = 4;

    private readonly AzureBlobs blobs;
    private readonly string path;
    private readonly string owner;
    private readonly string metadataKey;

    public AzureStagedTree(AzureBlobs blobs, string path, string owner, string metadataKey)
    {
        AzureBlockId.OwnerBytes(owner);
        this.blobs = blobs;
        this.path = StorePath.Check(path);
        this.owner = owner;
        this.metadataKey = metadataKey;
    }

    private string Metadata => PartOf(metadataKey);

    private AzureTreePreparation Preparation => new(blobs, path, owner, Metadata);

    public async ValueTask<bool> PrepareAsync(WriteCondition condition, CancellationToken cancellationToken) =>
        await Preparation.RunAsync(condition, cancellationToken);

    public async ValueTask WriteAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (content.IsEmpty)
            throw new ArgumentException($"The part '{key}' is empty.", nameof(content));
        string part = PartOf(key);
        for (int round = 0; round < ReplacementsMax; round++)
        {
            if (await PutAsync(part, content, WriteCondition.IfAbsent, cancellationToken)
                || await ReplaceAsync(part, content, cancellationToken))
            {
                return;
            }
        }

        throw new IOException($"'{part}' changed {ReplacementsMax} times while it was written.");
    }

    public string PartsPath => path;

    public async IAsyncEnumerable<string> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (AzureBlob blob in blobs.ListAsync(path, cancellationToken))
        {
            if (blob.Info.Owner == owner && blob.Info.Length > 0 && blob.Info.Path != Metadata)
                yield return blob.Info.Path[(path.Length + 1)..];
        }
    }

    public async ValueTask<bool> CommitAsync(
        ReadOnlyMemory<byte> metadata, WriteCondition condition, CancellationToken cancellationToken)
    {
        // What the condition asks of an old tree was asked when it was removed; now there must be none, whatever the condition.
        return await PutAsync(Metadata, metadata, WriteCondition.IfAbsent, cancellationToken)
            || await IsCommittedAsync(cancellationToken);
    }

    public async ValueTask<bool> IsCommittedAsync(CancellationToken cancellationToken) =>
        (await blobs.FindAsync(Metadata, cancellationToken))?.Info.Owner == owner;

    public async ValueTask DiscardAsync(CancellationToken cancellationToken)
    {
        await Preparation.RevokeAsync(cancellationToken);
        if (!await IsCommittedAsync(cancellationToken))
            await AzureTreeRemoval.RunAsync(blobs, path, blob => blob.Info.Owner == owner, cancellationToken);
    }

    private string PartOf(string key) => $"{path}/{StorePath.Check(key)}";

    private Task<bool> PutAsync(
        string part, ReadOnlyMemory<byte> content, WriteCondition condition, CancellationToken cancellationToken) =>
        blobs.PutAsync(part, content, condition, (AzureMarks.Owner, owner), cancellationToken);

    /// <returns>True when the part is stored; false when it changed and is to be looked at again.</returns>
    private async Task<bool> ReplaceAsync(string part, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (await blobs.FindAsync(part, cancellationToken) is not { } old)
            return false;
        // Written before, by an attempt of which nobody heard: a plan's part has one content.
        if (old.Info.Owner == owner && old.Info.Length == content.Length)
            return true;
        if (old.Info.Owner != owner && !await Preparation.IsDoneAsync(cancellationToken))
        {
            throw new ObjectChangedException(
                $"'{part}' was written by another plan or program, and this plan ({owner}) no longer writes here.");
        }

        return await PutAsync(part, content, WriteCondition.IfMatch(old.Info.ETag), cancellationToken);
    }
}
