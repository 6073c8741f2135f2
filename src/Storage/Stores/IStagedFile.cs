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
    /// <summary>Makes the destination ready before the first block is staged. Again is harmless, also after a commit.</summary>
    /// <param name="condition">What <see cref="CommitAsync"/> will be asked.</param>
    /// <returns>False when it is known already that the condition does not hold.</returns>
    ValueTask<bool> PrepareAsync(WriteCondition condition, CancellationToken cancellationToken);

    /// <summary>Stores one block; durable and in the ledger on return. Storing it again is harmless.</summary>
    ValueTask StageAsync(StagedBlock block, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>The blocks that are durable now, each once, in no particular order.</summary>
    ValueTask<IReadOnlyList<StagedBlock>> ListAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Publishes the file made of exactly <paramref name="blocks"/>, which follow each other without a gap. Committing
    /// again after a success is harmless.
    /// </summary>
    /// <returns>False when the condition does not hold at the destination; the staged blocks stay.</returns>
    /// <exception cref="BlocksMissingException">A block is missing from the ledger.</exception>
    ValueTask<bool> CommitAsync(
        IReadOnlyList<StagedBlock> blocks, WriteCondition condition, CancellationToken cancellationToken);

    /// <summary>
    /// Stores one floating block; durable and in the ledger on return. Storing it again is harmless, also with another content and note:
    /// the file has one of them. A file has blocks of one kind only.
    /// </summary>
    ValueTask StageFloatingAsync(FloatingBlock block, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>The floating blocks that are durable now, one for each index, in no particular order.</summary>
    ValueTask<IReadOnlyList<FloatingBlock>> ListFloatingAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Publishes the file made of floating blocks, head and tail. Committing again after a success is harmless, and so is doing it after
    /// a crash at any point: the file never has two tails.
    /// </summary>
    /// <inheritdoc cref="CommitAsync"/>
    ValueTask<bool> CommitFloatingAsync(IFileFrame frame, WriteCondition condition, CancellationToken cancellationToken);

    /// <summary>True when this owner's file has been published, also if the process ended right afterwards.</summary>
    ValueTask<bool> IsCommittedAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Removes everything staged. The published file, if any, stays. Where a store cannot remove one owner's blocks alone, blocks
    /// may stay that nobody sees.
    /// </summary>
    ValueTask DiscardAsync(CancellationToken cancellationToken);
}
