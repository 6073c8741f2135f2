using System.Buffers.Binary;
using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;

namespace Upweave.Storage.Stores;

/// <summary>
/// The done-records of a staged file's blocks. A block's record has its own place in the ledger, so processes need not
/// agree on an order, writing it twice is harmless, and 50,000 of them take 2 MB. It carries its own checksum: a hole or a
/// torn record is no record. Layout, little-endian: index (4 bytes), length (4), offset (8), XxHash3 of the content (8), XxHash3 of
/// these 24 bytes with the seed below (8).
/// </summary>
internal static class BlockLedger
{
    private const int RecordBytes = 32;
    private const int HashedBytes = 24;

    /// <summary>Makes the checksum of a hole (all zero) differ from zero; the number has no other meaning.</summary>
    private const long Seed = 0x5570_7765_6176_6531;

    /// <summary>Records a block whose content is durable. The caller flushes the ledger.</summary>
    public static async ValueTask AddAsync(
        string ledger, StagedBlock block, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        byte[] record = new byte[RecordBytes];
        BinaryPrimitives.WriteInt32LittleEndian(record, block.Index);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(4), block.Length);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(8), block.Offset);
        BinaryPrimitives.WriteUInt64LittleEndian(record.AsSpan(16), XxHash3.HashToUInt64(content.Span));
        BinaryPrimitives.WriteUInt64LittleEndian(record.AsSpan(HashedBytes), Checksum(record));
        using SafeFileHandle handle = LocalFiles.OpenShared(ledger);
        await RandomAccess.WriteAsync(handle, record, (long)block.Index * RecordBytes, cancellationToken);
    }

    /// <summary>The recorded blocks that lie within the first <paramref name="dataLength"/> bytes, by index.</summary>
    public static async ValueTask<Dictionary<int, StagedBlock>> ReadAsync(
        string ledger, long dataLength, CancellationToken cancellationToken)
    {
        Dictionary<int, StagedBlock> blocks = [];
        byte[] bytes = File.Exists(ledger) ? await File.ReadAllBytesAsync(ledger, cancellationToken) : [];
        int records = Math.Min(bytes.Length / RecordBytes, StagedBlocks.CountMax);
        for (int place = 0; place < records; place++)
        {
            if (Parse(bytes.AsSpan(place * RecordBytes, RecordBytes)) is { } block
                && block.Index == place && block.Offset <= dataLength - block.Length)
            {
                blocks.Add(place, block);
            }
        }

        return blocks;
    }

    private static StagedBlock? Parse(ReadOnlySpan<byte> record) =>
        BinaryPrimitives.ReadUInt64LittleEndian(record[HashedBytes..]) == Checksum(record)
            ? new StagedBlock(
                BinaryPrimitives.ReadInt32LittleEndian(record),
                BinaryPrimitives.ReadInt64LittleEndian(record[8..]),
                BinaryPrimitives.ReadInt32LittleEndian(record[4..]))
            : null;

    private static ulong Checksum(ReadOnlySpan<byte> record) => XxHash3.HashToUInt64(record[..HashedBytes], Seed);
}
