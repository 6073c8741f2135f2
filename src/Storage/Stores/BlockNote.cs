using System.Buffers.Binary;

namespace Upweave.Storage.Stores;

/// <summary>
/// A few bytes that a ledger keeps with a block, for what can be known only when the block is made: the sizes of what is compressed
/// in it, for instance. Two are equal when their bytes are.
/// </summary>
public readonly record struct BlockNote
{
    /// <summary>The most bytes: what is left of the 64 of a block's id in Azure Blob storage.</summary>
    public const int BytesMax = 31;

    private readonly UInt128 low;
    private readonly UInt128 high;

    /// <param name="bytes">At most <see cref="BytesMax"/>; zeros follow.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are more.</exception>
    public BlockNote(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, BytesMax, nameof(bytes));
        Span<byte> whole = stackalloc byte[BytesMax + 1];
        whole.Clear();
        bytes.CopyTo(whole);
        low = BinaryPrimitives.ReadUInt128LittleEndian(whole);
        high = BinaryPrimitives.ReadUInt128LittleEndian(whole[16..]);
    }

    /// <summary>All of the bytes, zeros at the end included.</summary>
    public byte[] ToArray()
    {
        byte[] whole = new byte[BytesMax + 1];
        BinaryPrimitives.WriteUInt128LittleEndian(whole, low);
        BinaryPrimitives.WriteUInt128LittleEndian(whole.AsSpan(16), high);
        return whole[..BytesMax];
    }
}
