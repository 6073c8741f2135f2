using System.Runtime.CompilerServices;

namespace Upweave.Storage.Stores;

/// <summary>A staged tree of a local store: parts are whole files in a folder that is renamed at the end.</summary>
internal sealed class LocalStagedTree : IStagedTree
{
    private readonly LocalStaging staging;
    private readonly string tree;
    private readonly LocalPaths keys;
    private readonly string metadataKey;

    public LocalStagedTree(LocalStaging staging, string metadataKey)
    {
        this.metadataKey = metadataKey;
        this.staging = staging;
        tree = staging.Entry("tree");
        keys = new LocalPaths(tree);
    }

    /// <summary>All is staged beside the destination, which is looked at when it is replaced.</summary>
    public ValueTask<bool> PrepareAsync(WriteCondition condition, CancellationToken cancellationToken) => ValueTask.FromResult(true);

    public async ValueTask WriteAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (content.IsEmpty)
            throw new ArgumentException($"The part '{key}' is empty.", nameof(content));
        if (!staging.IsClosed)
            await LocalFiles.WriteWholeAsync(keys.FileOf(key), content, mayReplace: true, cancellationToken);
    }

    public string PartsPath => staging.PathOf("tree");

    public async IAsyncEnumerable<string> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string folder = Directory.Exists(staging.Sealed) ? staging.Sealed : tree;
        LocalPaths found = new(folder);
        await foreach (FileInfo file in LocalFiles.Enumerate(folder).ToAsyncEnumerable().WithCancellation(cancellationToken))
        {
            // A part is renamed into place with all its bytes; one without any is what a failing disk leaves.
            if (file.Length > 0)
                yield return found.PathOf(file.FullName);
        }
    }

    public ValueTask<bool> CommitAsync(
        ReadOnlyMemory<byte> metadata, WriteCondition condition, CancellationToken cancellationToken) =>
        staging.PublishAsync(
            tree,
            () => MayPublish(condition),
            async () => await LocalFiles.WriteWholeAsync(keys.FileOf(metadataKey), metadata, mayReplace: true, cancellationToken),
            cancellationToken);

    public ValueTask<bool> IsCommittedAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(staging.IsPublished);
    }

    public ValueTask DiscardAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        staging.Discard();
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// The ETag may be that of the old tree's metadata or of a single file. A folder that holds no such metadata is
    /// somebody's folder, and is never replaced.
    /// </summary>
    private bool MayPublish(WriteCondition condition)
    {
        if (!Path.Exists(staging.Destination))
            return condition.ETag is null;
        string? etag = LocalFiles.ETag(staging.Destination)
            ?? LocalFiles.ETag(new LocalPaths(staging.Destination).FileOf(metadataKey));
        return !condition.MustBeAbsent && etag is not null && (condition.ETag is null || condition.ETag == etag);
    }
}
