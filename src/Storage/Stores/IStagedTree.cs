namespace Upweave.Storage.Stores;

/// <summary>
/// A folder of objects (a zarr array) written part by part, in any order and by any number of workers, that no reader
/// takes for an array until it is committed. The parts that exist are the ledger.
/// </summary>
public interface IStagedTree
{
    /// <summary>
    /// Makes the destination ready before the first part is written. Where parts are written at their final places this removes
    /// what is to be replaced, its metadata before anything else. Again is harmless, also after a commit.
    /// </summary>
    /// <param name="condition">What <see cref="CommitAsync"/> will be asked.</param>
    /// <returns>False when it is known already that the condition does not hold; nothing is removed then.</returns>
    ValueTask<bool> PrepareAsync(WriteCondition condition, CancellationToken cancellationToken);

    /// <summary>Stores one part whole; durable on return. Storing it again is harmless.</summary>
    /// <param name="key">Path inside the tree, e.g. <c>c/0/1/2</c>.</param>
    ValueTask WriteAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>The path in the store under which parts can be read before the tree is committed.</summary>
    string PartsPath { get; }

    /// <summary>The keys of all parts of this owner that are durable now.</summary>
    IAsyncEnumerable<string> ListAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Publishes the tree: the metadata object is written last. An old tree at the destination is removed first,
    /// its metadata before anything else. Committing again after a success is harmless. To be prepared before.
    /// </summary>
    /// <param name="condition">What must hold for the metadata object at the destination.</param>
    /// <returns>False when the condition does not hold; the staged parts stay.</returns>
    ValueTask<bool> CommitAsync(
        ReadOnlyMemory<byte> metadata, WriteCondition condition, CancellationToken cancellationToken);

    /// <summary>True when this owner's tree has been published, also if the process ended right afterwards.</summary>
    ValueTask<bool> IsCommittedAsync(CancellationToken cancellationToken);

    /// <summary>Removes everything staged. The published tree, if any, stays.</summary>
    ValueTask DiscardAsync(CancellationToken cancellationToken);
}
