namespace Upweave.Storage.Stores;

/// <summary>
/// A place for objects: a local folder, a blob container. Paths are relative to its root, segments joined by '/';
/// a path that would leave the root is refused with <see cref="InvalidArrayException"/>. Safe for concurrent use.
/// </summary>
public interface IObjectStore
{
    /// <summary>What is at the path; null when nothing is (a folder is nothing).</summary>
    ValueTask<ObjectInfo?> StatAsync(string path, CancellationToken cancellationToken);

    /// <summary>Fills <paramref name="destination"/> with the bytes from <paramref name="offset"/> on.</summary>
    /// <param name="ifMatch">The ETag that the object must still have; null: not asked.</param>
    /// <exception cref="ObjectChangedException">The ETag differs, or the object is gone though an ETag was given.</exception>
    /// <exception cref="FileNotFoundException">There is no such object.</exception>
    /// <exception cref="CorruptDataException">The object ends before the range does.</exception>
    ValueTask ReadAsync(
        string path, long offset, Memory<byte> destination, string? ifMatch, CancellationToken cancellationToken);

    /// <summary>Reads a whole object of unknown size, in one request where the store has one for it.</summary>
    /// <param name="destination">Gets the object's bytes at its start; undefined when the object is larger.</param>
    /// <returns>What was read, or was not because it is larger than <paramref name="destination"/>; null when nothing is there.</returns>
    async ValueTask<ObjectInfo?> ReadAllAsync(string path, Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (await StatAsync(path, cancellationToken) is not { } info)
            return null;
        if (info.Length <= destination.Length)
            await ReadAsync(path, 0, destination[..(int)info.Length], info.ETag, cancellationToken);
        return info;
    }

    /// <summary>Writes a whole object; a reader sees the old one or the new one, never a part. Durable on return.</summary>
    /// <returns>False when the condition does not hold; nothing is written then.</returns>
    ValueTask<bool> WriteAsync(
        string path, ReadOnlyMemory<byte> content, WriteCondition condition, CancellationToken cancellationToken);

    /// <summary>All objects whose path starts with the folder <paramref name="prefix"/> + '/'; all of the store for an empty one.</summary>
    /// <returns>Order is not defined.</returns>
    IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Removes an object. No error when there is none.</summary>
    ValueTask DeleteAsync(string path, CancellationToken cancellationToken);

    /// <summary>Removes an object, unless somebody has written it anew.</summary>
    /// <param name="ifMatch">The ETag that it must have.</param>
    /// <returns>False when it has another, and stays; true when it is gone, whoever did it.</returns>
    ValueTask<bool> DeleteAsync(string path, string ifMatch, CancellationToken cancellationToken);

    /// <summary>Removes all objects under the folder <paramref name="prefix"/>. No error when there are none.</summary>
    ValueTask DeleteAllAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>The time by the clock that <see cref="ObjectInfo.LastModified"/> is by, no more precise than that.</summary>
    ValueTask<DateTimeOffset> GetTimeAsync(CancellationToken cancellationToken);

    /// <summary>Time without a new block after which the store may remove a file's blocks that are not published; null: never.</summary>
    TimeSpan? BlocksKept => null;

    /// <summary>
    /// Files that are nothing but blocks which somebody has staged, where the store keeps such blocks elsewhere than in objects; nothing
    /// where it does not.
    /// </summary>
    /// <param name="prefix">As for <see cref="ListAsync"/>.</param>
    IAsyncEnumerable<StagedRemains> ListStagedAsync(string prefix, CancellationToken cancellationToken) =>
        AsyncEnumerable.Empty<StagedRemains>();

    /// <summary>A file at <paramref name="path"/> that is put together of blocks and then published at once.</summary>
    /// <param name="owner">Names the plan that writes, by its hash: 32 lower-case hexadecimal digits. Blocks of another owner are never
    /// seen.</param>
    IStagedFile StageFile(string path, string owner);

    /// <summary>A folder of objects at <paramref name="path"/>, published by its metadata.</summary>
    /// <param name="owner">As for <see cref="StageFile"/>.</param>
    /// <param name="metadataKey">The object of the tree that publishes it, e.g. <c>zarr.json</c>.</param>
    IStagedTree StageTree(string path, string owner, string metadataKey);
}
