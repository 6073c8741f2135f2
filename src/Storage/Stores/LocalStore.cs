using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace Upweave.Storage.Stores;

/// <summary>
/// A folder as a store. An object's ETag is made of its length and the time of its last write, so a file that another
/// program rewrites in place, with the same length, within one tick of the file system's clock, goes unnoticed.
/// </summary>
public sealed class LocalStore : IObjectStore, ILockingStore
{
    private readonly LocalPaths paths;

    /// <param name="root">The folder that all paths are relative to; made when first written to.</param>
    public LocalStore(string root) => paths = new LocalPaths(root);

    public ValueTask<ObjectInfo?> StatAsync(string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Describe(path, new FileInfo(paths.FileOf(path))));
    }

    public async ValueTask ReadAsync(
        string path, long offset, Memory<byte> destination, string? ifMatch, CancellationToken cancellationToken)
    {
        using SafeFileHandle handle = Open(path, ifMatch);
        CheckUnchanged(path, handle, ifMatch);
        for (int done = 0; done < destination.Length;)
        {
            int read = await RandomAccess.ReadAsync(handle, destination[done..], offset + done, cancellationToken);
            if (read == 0)
            {
                throw new CorruptDataException(
                    $"'{path}' ends at byte {offset + done}, before byte {offset + destination.Length} that was asked for.");
            }

            done += read;
        }

        // Again, since it may have been rewritten in place meanwhile.
        CheckUnchanged(path, handle, ifMatch);
    }

    public async ValueTask<bool> WriteAsync(
        string path, ReadOnlyMemory<byte> content, WriteCondition condition, CancellationToken cancellationToken)
    {
        string file = paths.FileOf(path);
        if (!condition.MustBeAbsent && condition.ETag is null)
            return await LocalFiles.WriteWholeAsync(file, content, mayReplace: true, cancellationToken);
        using PathLock held = await PathLock.AcquireAsync(file, cancellationToken);
        if (condition.ETag is not null && LocalFiles.ETag(file) != condition.ETag)
            return false;
        return await LocalFiles.WriteWholeAsync(file, content, mayReplace: !condition.MustBeAbsent, cancellationToken);
    }

    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (FileInfo file in LocalFiles.Enumerate(paths.FolderOf(prefix)).ToAsyncEnumerable()
            .WithCancellation(cancellationToken))
        {
            if (Describe(paths.PathOf(file.FullName), file) is { } info)
                yield return info;
        }
    }

    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LocalFiles.Delete(paths.FileOf(path));
        return ValueTask.CompletedTask;
    }

    public async ValueTask<bool> DeleteAsync(string path, string ifMatch, CancellationToken cancellationToken)
    {
        string file = paths.FileOf(path);
        if (!File.Exists(file))
            return true;
        using PathLock held = await PathLock.AcquireAsync(file, cancellationToken);
        if (LocalFiles.ETag(file) is string etag && etag != ifMatch)
            return false;
        LocalFiles.Delete(file);
        return true;
    }

    public ValueTask DeleteAllAsync(string prefix, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LocalFiles.DeleteFolder(paths.FileOf(prefix));
        return ValueTask.CompletedTask;
    }

    /// <summary>The clock of this machine: files on another's disk have the times of that.</summary>
    public ValueTask<DateTimeOffset> GetTimeAsync(CancellationToken cancellationToken) => ValueTask.FromResult(DateTimeOffset.UtcNow);

    public IStagedFile StageFile(string path, string owner) => new LocalStagedFile(Staging(path, owner));

    public IStagedTree StageTree(string path, string owner, string metadataKey) =>
        new LocalStagedTree(Staging(path, owner), metadataKey);

    public ILockLease OpenLease(string path, TimeSpan duration, TimeProvider time) => new LocalLockLease(this, path, duration, time);

    private LocalStaging Staging(string path, string owner) => new(path, paths.FileOf(path), owner);

    private SafeFileHandle Open(string path, string? ifMatch)
    {
        try
        {
            return LocalFiles.OpenRead(paths.FileOf(path));
        }
        catch (Exception gone) when (ifMatch is not null && gone is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ObjectChangedException($"'{path}' is gone; it was there when the job was planned.");
        }
        catch (DirectoryNotFoundException gone)
        {
            throw new FileNotFoundException($"There is no object '{path}'.", gone);
        }
    }

    private static void CheckUnchanged(string path, SafeFileHandle handle, string? ifMatch)
    {
        if (ifMatch is not null && LocalFiles.ETag(handle) != ifMatch)
            throw new ObjectChangedException($"'{path}' has been changed since the job was planned.");
    }

    private static ObjectInfo? Describe(string path, FileInfo file) => file.Exists
        ? new ObjectInfo(path, file.Length, LocalFiles.ETag(file.Length, file.LastWriteTimeUtc), file.LastWriteTimeUtc)
        : null;
}
