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
        ArgumentOutOfRangeException.ThrowIfNegative(block.Offset, nameof(block));
        Check(block.Index, block.Length, content);
    }

    /// <inheritdoc cref="Check(StagedBlock, ReadOnlyMemory{byte})"/>
    public static void Check(FloatingBlock block, ReadOnlyMemory<byte> content)
    {
        ArgumentOutOfRangeException.ThrowIfZero(block.Index, nameof(block));
        Check(block.Index, block.Length, content);
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

    /// <summary>The blocks that a frame asks for, in its order, and the index of the first that is not there.</summary>
    public static (List<T> Found, int? Missing) Select<T>(IFileFrame frame, IReadOnlyDictionary<int, T> stored)
    {
        List<T> found = [];
        foreach (int index in frame.Blocks)
        {
            if (!stored.TryGetValue(index, out T? block))
                return (found, index);
            found.Add(block);
        }

        return (found, null);
    }

    /// <summary>The error for a floating block that is to be published and is not there.</summary>
    public static BlocksMissingException Missing(int index, string path) => new($"Block {index} of '{path}' is not in the ledger.");

    /// <summary>The error for a block that is to be published and is not there.</summary>
    public static BlocksMissingException Missing(StagedBlock block, string path) => new(
        $"Block {block.Index} (bytes {block.Offset} to {block.Offset + block.Length}) of '{path}' is not in the ledger.");

    private static void Check(int index, int length, ReadOnlyMemory<byte> content)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, CountMax);
        if (content.Length != length || content.IsEmpty)
            throw new ArgumentException($"Block {index} has {content.Length} bytes instead of {length}.", nameof(content));
    }
}
