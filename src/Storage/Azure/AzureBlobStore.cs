using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Azure;

/// <summary>
/// A container of Azure Blob storage, or a part of one, as a store. Every object is a block blob. The service keeps times in whole
/// seconds.
/// </summary>
public sealed class AzureBlobStore : IObjectStore, ILockingStore
{
    private readonly AzureBlobs blobs;

    /// <param name="container">Made at the first write when it is missing and the credential may.</param>
    /// <param name="prefix">The folder of the container that all paths are relative to; empty: the container itself.</param>
    public AzureBlobStore(BlobContainerClient container, string prefix = "") =>
        blobs = new AzureBlobs(container, prefix.Length == 0 ? "" : StorePath.Check(prefix) + '/');

    public async ValueTask<ObjectInfo?> StatAsync(string path, CancellationToken cancellationToken) =>
        await blobs.FindAsync(path, cancellationToken) is { IsObject: true } found ? found.Info : null;

    public async ValueTask ReadAsync(
        string path, long offset, Memory<byte> destination, string? ifMatch, CancellationToken cancellationToken)
    {
        int read = await blobs.CallAsync(path, async () =>
        {
            try
            {
                return await ReadRangeAsync(blobs.Blob(path), offset, destination, ifMatch, cancellationToken);
            }
            catch (RequestFailedException failed) when (ReadError(failed, path, offset, ifMatch) is { } error)
            {
                throw error;
            }
        });
        if (read < destination.Length)
        {
            throw new CorruptDataException(
                $"'{path}' ends at byte {offset + read}, before byte {offset + destination.Length} that was asked for.");
        }
    }

    public async ValueTask<ObjectInfo?> ReadAllAsync(string path, Memory<byte> destination, CancellationToken cancellationToken) =>
        await blobs.CallAsync<ObjectInfo?>(path, async () =>
        {
            try
            {
                using BlobDownloadStreamingResult answer =
                    await blobs.Blob(path).DownloadStreamingAsync(cancellationToken: cancellationToken);
                BlobDownloadDetails details = answer.Details;
                ObjectInfo info = new(path, details.ContentLength, AzureETags.Text(details.ETag), details.LastModified);
                if (!new AzureBlob(info, details.Metadata).IsObject)
                    return null;
                if (info.Length <= destination.Length)
                    await answer.Content.ReadExactlyAsync(destination[..(int)info.Length], cancellationToken);
                return info;
            }
            catch (RequestFailedException missing) when (AzureErrors.IsMissing(missing))
            {
                return null;
            }
        });

    public async ValueTask<bool> WriteAsync(
        string path, ReadOnlyMemory<byte> content, WriteCondition condition, CancellationToken cancellationToken)
    {
        string write = Guid.NewGuid().ToString("N");
        if (await blobs.PutAsync(path, content, condition, (AzureMarks.Write, write), cancellationToken))
            return true;
        return await blobs.FindAsync(path, cancellationToken) is { } found && found.IsWrittenBy(write);
    }

    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IAsyncEnumerable<AzureBlob> found = prefix.Length == 0
            ? blobs.ListAllAsync(cancellationToken)
            : blobs.ListAsync(prefix, cancellationToken);
        await foreach (AzureBlob blob in found)
        {
            if (blob.IsObject)
                yield return blob.Info;
        }
    }

    public async IAsyncEnumerable<StagedRemains> ListStagedAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (string path in blobs.ListUncommittedAsync(prefix, cancellationToken))
        {
            (IReadOnlyList<BlobBlock> committed, IReadOnlyList<BlobBlock> staged) =
                await new AzureBlockLists(blobs, path).ReadAsync(cancellationToken);
            if (committed.Count > 0)
                continue;
            foreach (IGrouping<string, BlobBlock> own in staged.GroupBy(block => AzureBlockId.OwnerOf(block.Name) ?? ""))
            {
                if (own.Key.Length > 0)
                    yield return new StagedRemains(path, own.Key, own.Count(), own.Sum(block => block.SizeLong));
            }
        }
    }

    public async ValueTask DeleteAsync(string path, CancellationToken cancellationToken) =>
        await blobs.DeleteAsync(path, ifMatch: null, cancellationToken);

    /// <summary>Of a blob that is gone some services say that the condition does not hold.</summary>
    public async ValueTask<bool> DeleteAsync(string path, string ifMatch, CancellationToken cancellationToken) =>
        await blobs.DeleteAsync(path, ifMatch, cancellationToken) || await blobs.FindAsync(path, cancellationToken) is null;

    public async ValueTask DeleteAllAsync(string prefix, CancellationToken cancellationToken) =>
        await blobs.DeleteAsync(blobs.ListAsync(prefix, cancellationToken), cancellationToken);

    public ValueTask<DateTimeOffset> GetTimeAsync(CancellationToken cancellationToken) =>
        new AzureClock(blobs).ReadAsync(cancellationToken);

    /// <summary>A week, by the documentation of Put Block.</summary>
    public TimeSpan? BlocksKept { get; } = TimeSpan.FromDays(7);

    public IStagedFile StageFile(string path, string owner) => new AzureStagedFile(blobs, path, owner);

    public IStagedTree StageTree(string path, string owner, string metadataKey) =>
        new AzureStagedTree(blobs, path, owner, metadataKey);

    /// <summary>The service keeps the time, so <paramref name="time"/> is not asked.</summary>
    public ILockLease OpenLease(string path, TimeSpan duration, TimeProvider time) => new AzureLockLease(blobs, path, duration);

    /// <summary>The container's address and the prefix, without any credential.</summary>
    public override string ToString() => $"{blobs.Container.Uri.GetLeftPart(UriPartial.Path)}/{blobs.Prefix}".TrimEnd('/');

    private static async Task<int> ReadRangeAsync(
        BlockBlobClient blob, long offset, Memory<byte> destination, string? ifMatch, CancellationToken cancellationToken)
    {
        BlobRequestConditions? conditions = ifMatch is null ? null : AzureBlobs.Conditions(WriteCondition.IfMatch(ifMatch));
        if (destination.IsEmpty)
        {
            // A range cannot be empty; the object must still be there, and be the one that was meant.
            await blob.GetPropertiesAsync(conditions, cancellationToken);
            return 0;
        }

        BlobDownloadOptions options = new() { Range = new HttpRange(offset, destination.Length), Conditions = conditions };
        using BlobDownloadStreamingResult answer = await blob.DownloadStreamingAsync(options, cancellationToken);
        return await answer.Content.ReadAtLeastAsync(destination, destination.Length, throwOnEndOfStream: false, cancellationToken);
    }

    private static Exception? ReadError(RequestFailedException failed, string path, long offset, string? ifMatch)
    {
        if (AzureErrors.IsMissing(failed))
        {
            return ifMatch is null
                ? new FileNotFoundException($"There is no object '{path}'.", path)
                : new ObjectChangedException($"'{path}' is gone; it was there when the job was planned.");
        }

        if (AzureErrors.IsCondition(failed) && ifMatch is not null)
            return new ObjectChangedException($"'{path}' has been changed since the job was planned.");
        return AzureErrors.IsBeyondTheEnd(failed)
            ? new CorruptDataException($"'{path}' ends before byte {offset}, from which on it was to be read.")
            : null;
    }
}
