using Azure;
using Azure.Storage.Blobs.Models;

namespace Upweave.Storage.Azure;

/// <summary>Reads and commits the block lists of one blob.</summary>
internal sealed class AzureBlockLists(AzureBlobs blobs, string path)
{
    private static readonly IReadOnlyList<BlobBlock> None = [];

    /// <summary>All blocks; empty lists when there is no blob and no block.</summary>
    public async Task<(IReadOnlyList<BlobBlock> Committed, IReadOnlyList<BlobBlock> Uncommitted)> ReadAsync(
        CancellationToken cancellationToken)
    {
        BlockList? list = await blobs.CallAsync<BlockList?>(path, async () =>
        {
            try
            {
                return await blobs.Blob(path).GetBlockListAsync(BlockListTypes.All, cancellationToken: cancellationToken);
            }
            catch (RequestFailedException missing) when (AzureErrors.IsMissing(missing))
            {
                return null;
            }
        });
        return list is null ? (None, None) : (list.CommittedBlocks.ToList(), list.UncommittedBlocks.ToList());
    }

    /// <summary>Publishes the blob made of these blocks; every other uncommitted block of it is gone then, whoever staged it.</summary>
    /// <returns>False when the condition does not hold.</returns>
    public Task<bool> CommitAsync(IEnumerable<string> ids, CommitBlockListOptions options, CancellationToken cancellationToken) =>
        blobs.WriteAsync(path, () => blobs.Blob(path).CommitBlockListAsync(ids, options, cancellationToken), cancellationToken);
}
