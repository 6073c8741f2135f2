using System.Runtime.CompilerServices;
using Upweave.Storage.Zarr;

namespace Upweave.Storage.Azure;

/// <summary>
/// Removes blobs of a tree. Those that make folders inside it arrays go before all others, or a reader would find an array of which chunks
/// are missing: each resolution of an OME-Zarr is one.
/// </summary>
internal static class AzureTreeRemoval
{
    /// <param name="which">The blobs to remove.</param>
    public static async Task RunAsync(AzureBlobs blobs, string path, Func<AzureBlob, bool> which, CancellationToken cancellationToken)
    {
        bool hasMore = false;
        await blobs.DeleteAsync(SelectAsync(blobs, path, IsFirst, cancellationToken), cancellationToken);
        if (hasMore)
            await blobs.DeleteAsync(SelectAsync(blobs, path, which, cancellationToken), cancellationToken);

        bool IsFirst(AzureBlob blob)
        {
            if (!which(blob))
                return false;
            bool isMetadata = ZarrMetadata.IsOne(blob.Info.Path);
            hasMore |= !isMetadata;
            return isMetadata;
        }
    }

    private static async IAsyncEnumerable<AzureBlob> SelectAsync(
        AzureBlobs blobs, string path, Func<AzureBlob, bool> which, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (AzureBlob blob in blobs.ListAsync(path, cancellationToken))
        {
            if (which(blob))
                yield return blob;
        }
    }
}
