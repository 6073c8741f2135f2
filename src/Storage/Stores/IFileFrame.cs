namespace Upweave.Storage.Stores;

/// <summary>
/// What makes a file of floating blocks: the head before them and the tail after them, which say where each lies, and so can be
/// written only when all of them are there.
/// </summary>
public interface IFileFrame
{
    /// <summary>Bytes of the head, which is at the file's beginning.</summary>
    const int HeadBytes = 16;

    /// <summary>The indices of the blocks that the file is made of, ascending.</summary>
    IEnumerable<int> Blocks { get; }

    /// <summary>The most bytes of the tail; the same for the same file.</summary>
    long TailBytesMax { get; }

    /// <summary>Makes head and tail.</summary>
    /// <param name="blocks">Those of <see cref="Blocks"/>, in that order.</param>
    /// <param name="tailStart">Where the tail's first byte will lie.</param>
    /// <exception cref="CorruptDataException">The note of a block contradicts its length.</exception>
    FileEnds Build(IReadOnlyList<PlacedBlock> blocks, long tailStart);
}

/// <summary>Head and tail of a file.</summary>
/// <param name="Head">Exactly <see cref="IFileFrame.HeadBytes"/>.</param>
/// <param name="Tail">In pieces of some MiB, each of which may be gone when the next is asked for.</param>
public sealed record FileEnds(ReadOnlyMemory<byte> Head, IEnumerable<ReadOnlyMemory<byte>> Tail);
