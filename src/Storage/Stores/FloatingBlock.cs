namespace Upweave.Storage.Stores;

/// <summary>
/// A block of a staged file whose place in the file is not known while it is written, since nobody knows how long the blocks before
/// it will be. The store finds it a place, at the latest when the file is committed.
/// </summary>
/// <param name="Index">Its place in the order of blocks, unique in the file; from 1 to 49,999.</param>
/// <param name="Length">Size in bytes, at least 1.</param>
/// <param name="Note">Kept in the ledger.</param>
public readonly record struct FloatingBlock(int Index, int Length, BlockNote Note);

/// <summary>A floating block and where it lies in the file.</summary>
/// <param name="Offset">Of its first byte.</param>
public readonly record struct PlacedBlock(FloatingBlock Block, long Offset);
