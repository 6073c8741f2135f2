using System.Buffers.Binary;
using System.IO.Hashing;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Azure;

/// <summary>
/// A block's id, which says everything about it: the list of blocks alone rebuilds the ledger. Little-endian: kind (1 byte), owner (16),
/// index (4), length (4); then of a block with a place its offset (8), XxHash3 of the content (8) and zeros (23), of a floating one
/// XxHash3 of the content (8) and its note (31). All ids have the same length, as a blob's must: the most that an id can have.
/// </summary>
/// <param name="Text">In base64, as the service takes it.</param>
/// <param name="Block">The block; default for a floating one.</param>
/// <param name="Floating">The floating block; null for one with a place.</param>
internal readonly record struct AzureBlockId(string Text, StagedBlock Block, FloatingBlock? Floating = null)
{
    private const byte PlacedKind = 1;
    private const byte FloatingKind = 2;
    private const int OwnerAt = 1;
    private const int IndexAt = 17;
    private const int LengthAt = 21;
    private const int OffsetAt = 25;
    private const int HashAt = 33;
    private const int FloatingHashAt = 25;
    private const int NoteAt = 33;
    private const int Bytes = 64;

    /// <summary>The bytes of an owner.</summary>
    /// <exception cref="ArgumentException">It is not 32 lower-case hexadecimal digits.</exception>
    public static byte[] OwnerBytes(string owner) => owner.Length == 32 && owner.All(char.IsAsciiHexDigitLower)
        ? Convert.FromHexString(owner)
        : throw new ArgumentException($"The owner '{owner}' must be 32 lower-case hexadecimal digits.", nameof(owner));

    public static AzureBlockId Of(ReadOnlySpan<byte> owner, StagedBlock block, ReadOnlySpan<byte> content)
    {
        Span<byte> id = stackalloc byte[Bytes];
        Begin(id, PlacedKind, owner, block.Index, block.Length);
        BinaryPrimitives.WriteInt64LittleEndian(id[OffsetAt..], block.Offset);
        BinaryPrimitives.WriteUInt64LittleEndian(id[HashAt..], XxHash3.HashToUInt64(content));
        return new AzureBlockId(Convert.ToBase64String(id), block);
    }

    public static AzureBlockId Of(ReadOnlySpan<byte> owner, FloatingBlock block, ReadOnlySpan<byte> content)
    {
        Span<byte> id = stackalloc byte[Bytes];
        Begin(id, FloatingKind, owner, block.Index, block.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(id[FloatingHashAt..], XxHash3.HashToUInt64(content));
        block.Note.ToArray().CopyTo(id[NoteAt..]);
        return new AzureBlockId(Convert.ToBase64String(id), default, block);
    }

    /// <summary>Reads the id of a stored block; null when it is not this owner's, or not of the block's length.</summary>
    public static AzureBlockId? Parse(string text, long length, ReadOnlySpan<byte> owner)
    {
        Span<byte> id = stackalloc byte[Bytes];
        if (!Convert.TryFromBase64String(text, id, out int read) || read != Bytes || id[0] is not (PlacedKind or FloatingKind)
            || !id.Slice(OwnerAt, owner.Length).SequenceEqual(owner))
        {
            return null;
        }

        int index = BinaryPrimitives.ReadInt32LittleEndian(id[IndexAt..]);
        if (BinaryPrimitives.ReadInt32LittleEndian(id[LengthAt..]) != length || index is < 0 or >= StagedBlocks.CountMax)
            return null;
        if (id[0] == FloatingKind)
            return new AzureBlockId(text, default, new FloatingBlock(index, (int)length, new BlockNote(id[NoteAt..])));
        StagedBlock block = new(index, BinaryPrimitives.ReadInt64LittleEndian(id[OffsetAt..]), (int)length);
        return block.Offset >= 0 ? new AzureBlockId(text, block) : null;
    }

    /// <summary>The owner that an id names, in hexadecimal digits; null when it is no id of this software.</summary>
    public static string? OwnerOf(string text)
    {
        Span<byte> id = stackalloc byte[Bytes];
        return Convert.TryFromBase64String(text, id, out int read) && read == Bytes && id[0] is PlacedKind or FloatingKind
            ? Convert.ToHexStringLower(id[OwnerAt..IndexAt])
            : null;
    }

    private static void Begin(Span<byte> id, byte kind, ReadOnlySpan<byte> owner, int index, int length)
    {
        id.Clear();
        id[0] = kind;
        owner.CopyTo(id[OwnerAt..]);
        BinaryPrimitives.WriteInt32LittleEndian(id[IndexAt..], index);
        BinaryPrimitives.WriteInt32LittleEndian(id[LengthAt..], length);
    }
}
