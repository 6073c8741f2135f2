namespace Upweave.Storage.Stores;

/// <summary>The rules for blocks, the same for every kind of store.</summary>
internal static class StagedBlocks
{
    /// <summary>The most blocks an object can have in Azure Blob storage, and so everywhere.</summary>
    public const int CountMax = 50_000;

    /// <summary>Checks a block that is to be staged.</summary>
    /// <exception cref="ArgumentException">A number is out of range, or the content does not have the block's length, or none.</exception>
    public static void Check(StagedBlock block, ReadOnlyMemory<byte> content)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(block.Index, nameof(block));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(block.Index, CountMax, nameof(block));
        ArgumentOutOfRangeException.ThrowIfNegative(block.Offset, nameof(block));
        if (content.Length != block.Length || content.IsEmpty)
            throw new ArgumentException($"Block {block.Index} has {content.Length} bytes instead of {block.Length}.", nameof(content));
    }

    /// <summary>The length of the file that blocks make, which must follow each other without a gap.</summary>
    /// <exception cref="ArgumentException">They do not, or there are too many.</exception>
    public static long Length(IReadOnlyList<StagedBlock> blocks)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(blocks.Count, CountMax, nameof(blocks));
        long length = 0;
        foreach (StagedBlock block in blocks)
        {
            if (block.Offset != length)
                throw new ArgumentException($"Block {block.Index} starts at {block.Offset} instead of {length}.", nameof(blocks));
            length = checked(length + block.Length);
        }

        return length;
    }

    /// <summary>The error for a block that is to be published and is not there.</summary>
    public static CorruptDataException Missing(StagedBlock block, string path) => new(
        $"Block {block.Index} (bytes {block.Offset} to {block.Offset + block.Length}) of '{path}' is not in the ledger.");
}
