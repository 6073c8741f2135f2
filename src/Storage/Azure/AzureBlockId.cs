using System.Buffers.Binary;
using System.IO.Hashing;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Azure;

/// <summary>
/// A block's id, which says everything about it: the list of blocks alone rebuilds the ledger. Little-endian: version (1 byte),
/// owner (16), index (4), length (4), offset (8), XxHash3 of the content (8). All ids have the same length, as a blob's must.
/// </summary>
/// <param name="Text">In base64, as the service takes it.</param>
internal readonly record struct AzureBlockId(string Text, StagedBlock Block)
{
    private const byte Version = 1;
    private const int OwnerAt = 1;
    private const int IndexAt = 17;
    private const int LengthAt = 21;
    private const int OffsetAt = 25;
    private const int HashAt = 33;
    private const int Bytes = 41;

    /// <summary>The bytes of an owner.</summary>
    /// <exception cref="ArgumentException">It is not 32 lower-case hexadecimal digits.</exception>
    public static byte[] OwnerBytes(string owner) => owner.Length == 32 && owner.All(char.IsAsciiHexDigitLower)
        ? Convert.FromHexString(owner)
        : throw new ArgumentException($"The owner '{owner}' must be 32 lower-case hexadecimal digits.", nameof(owner));

    public static AzureBlockId Of(ReadOnlySpan<byte> owner, StagedBlock block, ReadOnlySpan<byte> content)
    {
        Span<byte> id = stackalloc byte[Bytes];
        id[0] = Version;
        owner.CopyTo(id[OwnerAt..]);
        BinaryPrimitives.WriteInt32LittleEndian(id[IndexAt..], block.Index);
        BinaryPrimitives.WriteInt32LittleEndian(id[LengthAt..], block.Length);
        BinaryPrimitives.WriteInt64LittleEndian(id[OffsetAt..], block.Offset);
        BinaryPrimitives.WriteUInt64LittleEndian(id[HashAt..], XxHash3.HashToUInt64(content));
        return new AzureBlockId(Convert.ToBase64String(id), block);
    }

    /// <summary>Reads the id of a stored block; null when it is not this owner's, or not of the block's length.</summary>
    public static AzureBlockId? Parse(string text, long length, ReadOnlySpan<byte> owner)
    {
        Span<byte> id = stackalloc byte[Bytes];
        if (!Convert.TryFromBase64String(text, id, out int read) || read != Bytes || id[0] != Version
            || !id.Slice(OwnerAt, owner.Length).SequenceEqual(owner))
        {
            return null;
        }

        StagedBlock block = new(
            BinaryPrimitives.ReadInt32LittleEndian(id[IndexAt..]),
            BinaryPrimitives.ReadInt64LittleEndian(id[OffsetAt..]),
            BinaryPrimitives.ReadInt32LittleEndian(id[LengthAt..]));
        return block.Length == length && block.Index is >= 0 and < StagedBlocks.CountMax && block.Offset >= 0
            ? new AzureBlockId(text, block)
            : null;
    }
}
