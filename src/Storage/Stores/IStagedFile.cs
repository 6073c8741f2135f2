namespace Upweave.Storage.Stores;

/// <summary>A block of a staged file.</summary>
/// <param name="Index">Its place in the order of blocks, unique in the file; at most 49,999.</param>
/// <param name="Offset">Where its first byte lies in the finished file.</param>
/// <param name="Length">Size in bytes, at least 1.</param>
public readonly record struct StagedBlock(int Index, long Offset, int Length);

/// <summary>
/// A single object written as blocks, in any order and by any number of workers, that nobody sees until it is
/// committed. The list of blocks is the ledger: it survives the process.
/// </summary>
public interface IStagedFile
{
    /// <summary>Stores one block; durable and in the ledger on return. Storing it again is harmless.</summary>
    ValueTask StageAsync(StagedBlock block, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>The blocks that are durable now, each once, in no particular order.</summary>
    ValueTask<IReadOnlyList<StagedBlock>> ListAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Publishes the file made of exactly <paramref name="blocks"/>, which follow each other without a gap. Committing
    /// again after a success is harmless.
    /// </summary>
    /// <returns>False when the condition does not hold at the destination; the staged blocks stay.</returns>
    /// <exception cref="CorruptDataException">A block is missing from the ledger.</exception>
    ValueTask<bool> CommitAsync(
        IReadOnlyList<StagedBlock> blocks, WriteCondition condition, CancellationToken cancellationToken);

    /// <summary>True when this owner's file has been published, also if the process ended right afterwards.</summary>
    ValueTask<bool> IsCommittedAsync(CancellationToken cancellationToken);

    /// <summary>Removes everything staged. The published file, if any, stays.</summary>
    ValueTask DiscardAsync(CancellationToken cancellationToken);
}
