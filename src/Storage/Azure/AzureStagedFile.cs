using Azure;
using Azure.Storage.Blobs.Models;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Azure;

/// <summary>
/// A staged file whose blocks are uncommitted blocks of the destination blob: publishing names them and moves nothing. The blob
/// carries its plan's mark, so a commit can be told after a crash.
/// </summary>
/// <remarks>
/// Put Block takes no condition, so a writer that is late (a worker of a cancelled job) leaves an uncommitted block. It is never part
/// of anything: a commit names its own plan's blocks. The next commit of the blob removes it, or the service a week after the
/// last block was written. A commit removes all uncommitted blocks of the blob, those of other plans too: the claim on the output keeps
/// two plans from staging at the same time.
/// </remarks>
internal sealed partial class AzureStagedFile : IStagedFile
{
    private readonly AzureBlobs blobs;
    private readonly string path;
    private readonly string owner;
    private readonly byte[] ownerBytes;
    private readonly AzureBlockLists lists;

    public AzureStagedFile(AzureBlobs blobs, string path, string owner)
    {
        this.blobs = blobs;
        this.path = StorePath.Check(path);
        this.owner = owner;
        ownerBytes = AzureBlockId.OwnerBytes(owner);
        lists = new AzureBlockLists(blobs, path);
    }

    public async ValueTask<bool> PrepareAsync(WriteCondition condition, CancellationToken cancellationToken)
    {
        await Discard.RemoveRemainsAsync(cancellationToken);
        AzureBlob? published = await blobs.FindAsync(path, cancellationToken);
        return published?.Info.Owner == owner || Resolve(condition, published) is not null;
    }

    public async ValueTask StageAsync(StagedBlock block, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        StagedBlocks.Check(block, content);
        await StageAsync(AzureBlockId.Of(ownerBytes, block, content.Span), content, cancellationToken);
    }

    public async ValueTask<IReadOnlyList<StagedBlock>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await IdsAsync(cancellationToken)).Keys];

    public async ValueTask<bool> CommitAsync(
        IReadOnlyList<StagedBlock> blocks, WriteCondition condition, CancellationToken cancellationToken)
    {
        StagedBlocks.Length(blocks);
        AzureBlob? published = await blobs.FindAsync(path, cancellationToken);
        if (published?.Info.Owner == owner)
            return true;
        if (Resolve(condition, published) is not { } resolved)
            return false;
        Dictionary<StagedBlock, string> stored = await IdsAsync(cancellationToken);
        List<string> ids = new(blocks.Count);
        StagedBlock? missing = null;
        foreach (StagedBlock block in blocks)
        {
            if (stored.TryGetValue(block, out string? id))
                ids.Add(id);
            else
                missing ??= block;
        }

        BlocksMissingException? error = missing is { } lost ? StagedBlocks.Missing(lost, path) : null;
        return await PublishAsync(ids, condition, resolved, error, cancellationToken);
    }

    public async ValueTask<bool> IsCommittedAsync(CancellationToken cancellationToken) =>
        (await blobs.FindAsync(path, cancellationToken))?.Info.Owner == owner;

    public async ValueTask DiscardAsync(CancellationToken cancellationToken) => await Discard.RunAsync(cancellationToken);

    private AzureBlockDiscard Discard => new(blobs, lists, path, owner, ownerBytes);

    /// <summary>The condition as the service is to be asked it; null when it does not hold.</summary>
    private static WriteCondition? Resolve(WriteCondition condition, AzureBlob? published)
    {
        if (condition.MustBeAbsent)
            return published is null ? condition : null;
        if (condition.ETag is null)
            return condition;
        // A discard may have rewritten the blob's block list, which changes the ETag and not the content.
        return published is not null && published.IsStill(condition.ETag) ? WriteCondition.IfMatch(published.Info.ETag) : null;
    }

    private Task<bool> StageAsync(AzureBlockId id, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => blobs.WriteAsync(
        path,
        () => blobs.Blob(path).StageBlockAsync(
            id.Text, AzureBlobs.StreamOf(content), (BlockBlobStageBlockOptions?)null, cancellationToken),
        cancellationToken);

    /// <param name="resolved">What <see cref="Resolve"/> made of the condition.</param>
    /// <param name="missing">Set when not all blocks are there.</param>
    private async Task<bool> PublishAsync(
        List<string> ids, WriteCondition condition, WriteCondition resolved, BlocksMissingException? missing,
        CancellationToken cancellationToken)
    {
        // Somebody else may be committing the same plan, or something else may have been written here and so removed the blocks.
        if (missing is null && ids.Count > 0 && await TryCommitAsync(ids, resolved, cancellationToken))
            return true;
        AzureBlob? published = await blobs.FindAsync(path, cancellationToken);
        if (published?.Info.Owner == owner)
            return true;
        if (Resolve(condition, published) != resolved)
            return false;
        throw missing ?? new BlocksMissingException($"The blocks of '{path}' changed while it was published, or there are none.");
    }

    private async Task<bool> TryCommitAsync(List<string> ids, WriteCondition condition, CancellationToken cancellationToken)
    {
        CommitBlockListOptions options = new()
        {
            Conditions = AzureBlobs.Conditions(condition),
            Metadata = new Dictionary<string, string> { [AzureMarks.Owner] = owner },
        };
        try
        {
            return await lists.CommitAsync(ids, options, cancellationToken);
        }
        catch (RequestFailedException gone) when (gone.ErrorCode == BlobErrorCode.InvalidBlockList)
        {
            return false;
        }
    }

    /// <summary>
    /// This owner's blocks. One staged twice with different contents has two ids, of which the smaller is taken: for a tile
    /// computed in a way that is not exact to the bit either is right. Writers of which this is not true discard first.
    /// </summary>
    private async Task<Dictionary<StagedBlock, string>> IdsAsync(CancellationToken cancellationToken)
    {
        Dictionary<StagedBlock, string> ids = [];
        foreach (AzureBlockId id in await OursAsync(cancellationToken))
        {
            bool isFirst = !ids.TryGetValue(id.Block, out string? other) || string.CompareOrdinal(id.Text, other) < 0;
            if (id.Floating is null && isFirst)
                ids[id.Block] = id.Text;
        }

        return ids;
    }

    private async Task<IEnumerable<AzureBlockId>> OursAsync(CancellationToken cancellationToken)
    {
        (IReadOnlyList<BlobBlock> committed, IReadOnlyList<BlobBlock> uncommitted) = await lists.ReadAsync(cancellationToken);
        return committed.Concat(uncommitted)
            .Select(stored => AzureBlockId.Parse(stored.Name, stored.SizeLong, ownerBytes))
            .OfType<AzureBlockId>();
    }
}
