using System.Buffers.Binary;
using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;

namespace Upweave.Storage.Stores;

/// <summary>A floating block's record: where it lies, and the XxHash3 of its content.</summary>
internal readonly record struct FloatingRecord(PlacedBlock Placed, ulong Hash);

/// <summary>
/// The done-records of a staged file's floating blocks, kept as <see cref="BlockLedger"/> keeps those of the others. A block that is
/// recorded again, with another content at another place, has the later record alone. Layout, little-endian: index (4 bytes), length (4),
/// offset (8), XxHash3 of the content (8), note (31), a zero, XxHash3 of these 56 bytes with the seed below (8).
/// </summary>
internal static class FloatingLedger
{
    private const int RecordBytes = 64;
    private const int NoteAt = 24;
    private const int HashedBytes = 56;

    /// <summary>Makes the checksum of a hole (all zero) differ from zero, and a record differ from one of the other ledger.</summary>
    private const long Seed = 0x5570_7765_6176_6532;

    /// <summary>Records a block whose content is durable. The caller flushes the ledger.</summary>
    public static async ValueTask AddAsync(string ledger, FloatingRecord added, CancellationToken cancellationToken)
    {
        ((FloatingBlock block, long offset), ulong hash) = added;
        byte[] record = new byte[RecordBytes];
        BinaryPrimitives.WriteInt32LittleEndian(record, block.Index);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(4), block.Length);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(8), offset);
        BinaryPrimitives.WriteUInt64LittleEndian(record.AsSpan(16), hash);
        block.Note.ToArray().CopyTo(record, NoteAt);
        BinaryPrimitives.WriteUInt64LittleEndian(record.AsSpan(HashedBytes), Checksum(record));
        using SafeFileHandle handle = LocalFiles.OpenShared(ledger);
        await RandomAccess.WriteAsync(handle, record, (long)block.Index * RecordBytes, cancellationToken);
    }

    /// <summary>One block's record; null when there is none, or it points beyond the first <paramref name="dataLength"/> bytes.</summary>
    public static async ValueTask<FloatingRecord?> FindAsync(
        string ledger, int index, long dataLength, CancellationToken cancellationToken)
    {
        if (!File.Exists(ledger))
            return null;
        byte[] record = new byte[RecordBytes];
        using SafeFileHandle handle = LocalFiles.OpenRead(ledger);
        int read = await RandomAccess.ReadAsync(handle, record, (long)index * RecordBytes, cancellationToken);
        return read == RecordBytes ? Parse(record, index, dataLength) : null;
    }

    /// <summary>The recorded blocks that lie within the first <paramref name="dataLength"/> bytes, by index.</summary>
    public static async ValueTask<Dictionary<int, FloatingRecord>> ReadAsync(
        string ledger, long dataLength, CancellationToken cancellationToken)
    {
        Dictionary<int, FloatingRecord> blocks = [];
        byte[] bytes = File.Exists(ledger) ? await File.ReadAllBytesAsync(ledger, cancellationToken) : [];
        int records = Math.Min(bytes.Length / RecordBytes, StagedBlocks.CountMax);
        for (int place = 0; place < records; place++)
        {
            if (Parse(bytes.AsSpan(place * RecordBytes, RecordBytes), place, dataLength) is { } record)
                blocks.Add(place, record);
        }

        return blocks;
    }

    /// <summary>Removes the records that point beyond the first <paramref name="dataLength"/> bytes. The caller flushes.</summary>
    /// <returns>True when there were any.</returns>
    public static async ValueTask<bool> RemoveBeyondAsync(string ledger, long dataLength, CancellationToken cancellationToken)
    {
        Dictionary<int, FloatingRecord> all = await ReadAsync(ledger, long.MaxValue, cancellationToken);
        int[] beyond = [.. all.Values.Select(record => record.Placed)
            .Where(placed => placed.Offset > dataLength - placed.Block.Length).Select(placed => placed.Block.Index)];
        foreach (int index in beyond)
        {
            using SafeFileHandle handle = LocalFiles.OpenShared(ledger);
            await RandomAccess.WriteAsync(handle, new byte[RecordBytes], (long)index * RecordBytes, cancellationToken);
        }

        return beyond.Length > 0;
    }

    private static FloatingRecord? Parse(ReadOnlySpan<byte> record, int index, long dataLength)
    {
        if (BinaryPrimitives.ReadUInt64LittleEndian(record[HashedBytes..]) != Checksum(record))
            return null;
        FloatingBlock block = new(
            BinaryPrimitives.ReadInt32LittleEndian(record),
            BinaryPrimitives.ReadInt32LittleEndian(record[4..]),
            new BlockNote(record.Slice(NoteAt, BlockNote.BytesMax)));
        long offset = BinaryPrimitives.ReadInt64LittleEndian(record[8..]);
        return block.Index == index && offset <= dataLength - block.Length
            ? new FloatingRecord(new PlacedBlock(block, offset), BinaryPrimitives.ReadUInt64LittleEndian(record[16..]))
            : null;
    }

    private static ulong Checksum(ReadOnlySpan<byte> record) => XxHash3.HashToUInt64(record[..HashedBytes], Seed);
}
