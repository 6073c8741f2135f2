using System.Buffers.Binary;
using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;

namespace Upweave.Storage.Stores;

/// <summary>
/// The floating blocks of a local staged file. Whoever writes one makes room for it at the end of the data, under the lock that
/// also guards publishing, and records it once it is on the disk. Room that a crash leaves, or a block that was written again with
/// another content, stays as bytes that nothing points to; so nothing that is late can write where something else lies.
/// </summary>
/// <param name="data">The staged data, shared with <paramref name="dataFlush"/>.</param>
internal sealed class LocalFloatingBlocks(LocalStaging staging, string data, GroupFlush dataFlush)
{
    private readonly string ledger = staging.Entry("floating");
    private readonly string tailRoom = staging.Entry("tail");
    private readonly GroupFlush ledgerFlush = new(staging.Entry("floating"));
    private bool isChecked;

    /// <summary>See <see cref="IStagedFile.StageFloatingAsync"/>.</summary>
    public async ValueTask StageAsync(FloatingBlock block, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        StagedBlocks.Check(block, content);
        ulong hash = XxHash3.HashToUInt64(content.Span);
        if (staging.IsClosed || await HasAsync(block, hash, cancellationToken))
            return;
        if (await ReserveAsync(block.Length, cancellationToken) is not { } offset)
            return;
        using (SafeFileHandle handle = LocalFiles.OpenShared(data))
        {
            await RandomAccess.WriteAsync(handle, content, offset, cancellationToken);
        }

        await dataFlush.RunAsync();
        await FloatingLedger.AddAsync(ledger, new FloatingRecord(new PlacedBlock(block, offset), hash), cancellationToken);
        await ledgerFlush.RunAsync();
    }

    /// <summary>The blocks that are durable, by index.</summary>
    public async ValueTask<Dictionary<int, FloatingRecord>> ReadAsync(CancellationToken cancellationToken)
    {
        FileInfo file = new(File.Exists(staging.Sealed) ? staging.Sealed : data);
        return file.Exists ? await FloatingLedger.ReadAsync(ledger, file.Length, cancellationToken) : [];
    }

    /// <summary>Puts head and tail around the blocks; the caller holds the lock.</summary>
    /// <exception cref="CorruptDataException">A block is missing.</exception>
    public async ValueTask CompleteAsync(IFileFrame frame, CancellationToken cancellationToken)
    {
        (List<FloatingRecord> found, int? missing) = StagedBlocks.Select(frame, await ReadAsync(cancellationToken));
        if (missing is { } lost)
            throw StagedBlocks.Missing(lost, staging.DestinationPath);
        using SafeFileHandle handle = LocalFiles.OpenShared(data);
        long room = await TailStartAsync(handle, frame.TailBytesMax, cancellationToken);
        FileEnds ends = frame.Build([.. found.Select(record => record.Placed)], room);
        await RandomAccess.WriteAsync(handle, ends.Head, 0, cancellationToken);
        long start = room;
        foreach (ReadOnlyMemory<byte> piece in ends.Tail)
        {
            await RandomAccess.WriteAsync(handle, piece, start, cancellationToken);
            start += piece.Length;
        }

        // What an interrupted commit may have written farther than this one.
        await RandomAccess.WriteAsync(handle, new byte[room + frame.TailBytesMax - start], start, cancellationToken);
        RandomAccess.FlushToDisk(handle);
    }

    /// <summary>The very block is there already: it is durable once what others may have just recorded is flushed.</summary>
    private async ValueTask<bool> HasAsync(FloatingBlock block, ulong hash, CancellationToken cancellationToken)
    {
        FileInfo file = new(data);
        if (!file.Exists || await FloatingLedger.FindAsync(ledger, block.Index, file.Length, cancellationToken) is not { } found
            || found.Placed.Block != block || found.Hash != hash)
        {
            return false;
        }

        await ledgerFlush.RunAsync();
        return true;
    }

    /// <summary>Room at the end of the data; null when the file is complete.</summary>
    private async ValueTask<long?> ReserveAsync(long length, CancellationToken cancellationToken)
    {
        using PathLock held = await PathLock.AcquireAsync(staging.Destination, cancellationToken);
        if (staging.IsClosed)
            return null;
        using SafeFileHandle handle = LocalFiles.OpenShared(data);
        return await GrowAsync(handle, length, cancellationToken);
    }

    /// <summary>
    /// Where a file system has lost the end of the data, records point beyond it, or the room of the tail lies there: they must not come
    /// to mean what will be written there. That happens between two processes, so that looking once is enough.
    /// </summary>
    private async ValueTask<long> GrowAsync(SafeFileHandle handle, long length, CancellationToken cancellationToken)
    {
        long offset = Math.Max(IFileFrame.HeadBytes, RandomAccess.GetLength(handle));
        if (!isChecked)
        {
            if (await TailRoomAsync(cancellationToken) is { } room && room.Start > offset - room.Length)
                LocalFiles.Delete(tailRoom);
            if (await FloatingLedger.RemoveBeyondAsync(ledger, offset, cancellationToken))
                await ledgerFlush.RunAsync();
            isChecked = true;
        }

        RandomAccess.SetLength(handle, checked(offset + length));
        return offset;
    }

    /// <summary>Room for the tail, the same again after a crash: the file shall not have the tail of a commit that did not end.</summary>
    private async ValueTask<long> TailStartAsync(SafeFileHandle handle, long length, CancellationToken cancellationToken)
    {
        if (await TailRoomAsync(cancellationToken) is { } known && known.Length == length
            && known.Start <= RandomAccess.GetLength(handle) - length)
        {
            return known.Start;
        }

        long start = await GrowAsync(handle, length, cancellationToken);
        byte[] room = new byte[2 * sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(room, start);
        BinaryPrimitives.WriteInt64LittleEndian(room.AsSpan(sizeof(long)), length);
        await LocalFiles.WriteWholeAsync(tailRoom, room, mayReplace: true, cancellationToken);
        return start;
    }

    private async ValueTask<(long Start, long Length)?> TailRoomAsync(CancellationToken cancellationToken)
    {
        byte[] room = File.Exists(tailRoom) ? await File.ReadAllBytesAsync(tailRoom, cancellationToken) : [];
        return room.Length == 2 * sizeof(long)
            ? (BinaryPrimitives.ReadInt64LittleEndian(room), BinaryPrimitives.ReadInt64LittleEndian(room.AsSpan(sizeof(long))))
            : null;
    }
}
