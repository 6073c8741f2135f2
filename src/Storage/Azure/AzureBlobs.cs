using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Azure;

/// <summary>Block blobs by their paths in the store: single requests, and what their errors mean.</summary>
/// <param name="container">Made at the first write when it is missing.</param>
/// <param name="prefix">Where the store begins in the container: empty, or ends with '/'.</param>
internal sealed class AzureBlobs(BlobContainerClient container, string prefix)
{
    /// <summary>Blobs that are deleted at the same time: each waits for the service, not for a core.</summary>
    private const int DeletesAtOnce = 16;

    public BlobContainerClient Container => container;

    public string Prefix => prefix;

    /// <exception cref="InvalidArrayException">See <see cref="StorePath.Check"/>.</exception>
    public BlockBlobClient Blob(string path) => container.GetBlockBlobClient(prefix + StorePath.Check(path));

    /// <summary>A committed blob; null when there is none.</summary>
    public async ValueTask<AzureBlob?> FindAsync(string path, CancellationToken cancellationToken)
    {
        BlobProperties? found = await PropertiesAsync(path, cancellationToken);
        return found is null ? null : Describe(path, found);
    }

    /// <summary>The same in the service's words.</summary>
    public Task<BlobProperties?> PropertiesAsync(string path, CancellationToken cancellationToken)
    {
        BlockBlobClient blob = Blob(path);
        return CallAsync<BlobProperties?>(path, async () =>
        {
            try
            {
                return await blob.GetPropertiesAsync(cancellationToken: cancellationToken);
            }
            catch (RequestFailedException missing) when (AzureErrors.IsMissing(missing))
            {
                return null;
            }
        });
    }

    public static AzureBlob Describe(string path, BlobProperties properties) => new(
        new ObjectInfo(path, properties.ContentLength, AzureETags.Text(properties.ETag), properties.LastModified)
        {
            Owner = AzureMarks.Find(properties.Metadata, AzureMarks.Owner),
        },
        properties.Metadata);

    /// <summary>Writes a blob whole, in one request.</summary>
    /// <param name="mark">An entry of the metadata; see <see cref="AzureMarks"/>.</param>
    /// <returns>False when the condition does not hold, or did not when the request was sent again after its answer was lost.</returns>
    public Task<bool> PutAsync(
        string path, ReadOnlyMemory<byte> content, WriteCondition condition, (string Name, string Value) mark,
        CancellationToken cancellationToken)
    {
        BlockBlobClient blob = Blob(path);
        BlobUploadOptions options = new()
        {
            Conditions = Conditions(condition),
            Metadata = new Dictionary<string, string> { [mark.Name] = mark.Value },
            TransferOptions = new StorageTransferOptions { InitialTransferSize = int.MaxValue },
        };
        return WriteAsync(path, () => blob.UploadAsync(StreamOf(content), options, cancellationToken), cancellationToken);
    }

    /// <summary>Deletes a blob.</summary>
    /// <param name="ifMatch">The ETag that it must have; null: not asked.</param>
    /// <returns>False when it has another; true when it is gone, whoever did it.</returns>
    public Task<bool> DeleteAsync(string path, string? ifMatch, CancellationToken cancellationToken)
    {
        BlockBlobClient blob = Blob(path);
        BlobRequestConditions? conditions = ifMatch is null ? null : Conditions(WriteCondition.IfMatch(ifMatch));
        return CallAsync(path, async () =>
        {
            try
            {
                await blob.DeleteAsync(DeleteSnapshotsOption.IncludeSnapshots, conditions, cancellationToken);
                return true;
            }
            catch (RequestFailedException failed) when (AzureErrors.IsMissing(failed) || AzureErrors.IsCondition(failed))
            {
                return AzureErrors.IsMissing(failed);
            }
        });
    }

    /// <summary>All committed blobs whose path starts with the folder + '/'.</summary>
    public IAsyncEnumerable<AzureBlob> ListAsync(string folder, CancellationToken cancellationToken) =>
        // Without the '/' the siblings "folder.upweave" and "folder2" would be listed too.
        ListAsync(folder, prefix + StorePath.Check(folder) + '/', cancellationToken);

    /// <summary>The paths of blobs that have uncommitted blocks and, by what the listing says, no content.</summary>
    /// <param name="folder">An empty path stands for the whole store.</param>
    public async IAsyncEnumerable<string> ListUncommittedAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string start = folder.Length == 0 ? prefix : prefix + StorePath.Check(folder) + '/';
        GetBlobsOptions options = new() { States = BlobStates.Uncommitted, Prefix = start };
        await using IAsyncEnumerator<BlobItem> items =
            container.GetBlobsAsync(options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await CallAsync(folder, () => MoveNextAsync(items)))
        {
            if (items.Current.Properties.ContentLength is null or 0)
                yield return items.Current.Name[prefix.Length..];
        }
    }

    /// <summary>All committed blobs of the store.</summary>
    public IAsyncEnumerable<AzureBlob> ListAllAsync(CancellationToken cancellationToken) => ListAsync("", prefix, cancellationToken);

    private async IAsyncEnumerable<AzureBlob> ListAsync(
        string folder, string start, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        GetBlobsOptions options = new() { Traits = BlobTraits.Metadata, Prefix = start };
        await using IAsyncEnumerator<BlobItem> items =
            container.GetBlobsAsync(options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await CallAsync(folder, () => MoveNextAsync(items)))
        {
            BlobItem item = items.Current;
            ObjectInfo info = new(
                item.Name[prefix.Length..], item.Properties.ContentLength ?? 0, AzureETags.Text(item.Properties.ETag ?? default),
                item.Properties.LastModified ?? default)
            {
                Owner = AzureMarks.Find(item.Metadata, AzureMarks.Owner),
            };
            AzureBlob blob = new(info, item.Metadata);
            if (!blob.IsFolder)
                yield return blob;
        }
    }

    /// <summary>Deletes blobs that were listed, unless they have changed since.</summary>
    public Task DeleteAsync(IAsyncEnumerable<AzureBlob> blobs, CancellationToken cancellationToken)
    {
        ParallelOptions options = new() { MaxDegreeOfParallelism = DeletesAtOnce, CancellationToken = cancellationToken };
        return Parallel.ForEachAsync(
            blobs, options, async (blob, cancelled) => await DeleteAsync(blob.Info.Path, blob.Info.ETag, cancelled));
    }

    /// <summary>Sends a request that may be the first to need the container.</summary>
    /// <returns>False when its condition does not hold.</returns>
    public Task<bool> WriteAsync<T>(string path, Func<Task<Response<T>>> request, CancellationToken cancellationToken) =>
        CallAsync(path, async () =>
        {
            try
            {
                try
                {
                    await request();
                }
                catch (RequestFailedException missing) when (AzureErrors.IsMissingContainer(missing))
                {
                    await CreateContainerAsync(path, cancellationToken);
                    await request();
                }

                return true;
            }
            catch (RequestFailedException failed) when (AzureErrors.IsCondition(failed))
            {
                return false;
            }
        });

    /// <summary>Sends a request; its errors are said in the store's words where there are any.</summary>
    public async Task<T> CallAsync<T>(string path, Func<Task<T>> request)
    {
        try
        {
            return await request();
        }
        catch (Exception error) when (AzureErrors.Meaning(error, path, container.Name) is { } meaning)
        {
            throw meaning;
        }
    }

    public static BlobRequestConditions? Conditions(WriteCondition condition)
    {
        if (condition.MustBeAbsent)
            return new BlobRequestConditions { IfNoneMatch = ETag.All };
        return condition.ETag is null ? null : new BlobRequestConditions { IfMatch = AzureETags.Parse(condition.ETag) };
    }

    /// <summary>The memory itself as a stream, for as many readings as the SDK's retries need.</summary>
    public static Stream StreamOf(ReadOnlyMemory<byte> content) => BinaryData.FromBytes(content).ToStream();

    private static async Task<bool> MoveNextAsync(IAsyncEnumerator<BlobItem> items)
    {
        try
        {
            return await items.MoveNextAsync();
        }
        catch (RequestFailedException missing) when (AzureErrors.IsMissing(missing))
        {
            return false; // No container, no blobs.
        }
    }

    private async Task CreateContainerAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        }
        catch (RequestFailedException denied) when (AzureErrors.IsDenied(denied))
        {
            throw new InvalidArrayException(
                $"The container '{container.Name}' of '{path}' does not exist, and the credential may not create it.",
                "create it, or correct its name in the configuration");
        }
    }
}
