using System.Runtime.ExceptionServices;
using NetVips;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Pictures;

/// <summary>
/// What libvips writes, cut into blocks of a staged file. Two blocks are in memory: the last one, which grows, and the
/// first one, whose header a TIFF writer completes at the very end. Everything between is staged as soon as it is full.
/// </summary>
internal sealed class StagedTarget : IDisposable
{
    public const int BlockBytes = 8 << 20;

    private readonly IStagedFile file;
    private readonly CancellationToken cancellationToken;
    private readonly TargetCustom native = new();
    private readonly List<StagedBlock> staged = [];
    private readonly byte[] first = new byte[BlockBytes];
    private byte[] last;
    private int lastIndex;
    private long position;
    private long length;
    private ExceptionDispatchInfo? failure;

    public StagedTarget(IStagedFile file, CancellationToken cancellationToken)
    {
        this.file = file;
        this.cancellationToken = cancellationToken;
        last = first;
        native.OnWrite += Write;
        native.OnRead += Read;
        native.OnSeek += Seek;
    }

    public Target Native => native;

    /// <summary>Throws what a callback met, if it met anything: exceptions must not cross native frames.</summary>
    public void ThrowIfFailed() => failure?.Throw();

    /// <summary>Stages what is still in memory.</summary>
    /// <returns>All blocks, in order.</returns>
    public IReadOnlyList<StagedBlock> Complete()
    {
        if (lastIndex > 0)
            Stage(lastIndex, last);
        Stage(0, first);
        return [.. staged.OrderBy(block => block.Index)];
    }

    public void Dispose() => native.Dispose();

    private long Write(byte[] buffer, int count)
    {
        try
        {
            // A TIFF writer starts its directory at an even offset and may leave a byte out before it.
            long start = position;
            for (position = Math.Min(start, length); position < start;)
            {
                Put([0]);
            }

            Put(buffer.AsSpan(0, count));
            return count;
        }
        catch (Exception exception)
        {
            failure ??= ExceptionDispatchInfo.Capture(exception);
            return -1;
        }
    }

    private void Put(ReadOnlySpan<byte> content)
    {
        while (!content.IsEmpty)
        {
            if (position == (lastIndex + 1L) * BlockBytes)
                BeginBlock();
            Span<byte> room = Block(position);
            int part = Math.Min(room.Length, content.Length);
            content[..part].CopyTo(room);
            content = content[part..];
            position += part;
            length = Math.Max(length, position);
        }
    }

    private int Read(byte[] buffer, int count)
    {
        try
        {
            count = (int)Math.Min(count, length - position);
            if (count <= 0)
                return 0;
            Span<byte> available = Block(position);
            count = Math.Min(count, available.Length);
            available[..count].CopyTo(buffer);
            position += count;
            return count;
        }
        catch (Exception exception)
        {
            failure ??= ExceptionDispatchInfo.Capture(exception);
            return -1;
        }
    }

    private long Seek(long offset, SeekOrigin origin)
    {
        long target = offset + origin switch
        {
            SeekOrigin.Current => position,
            SeekOrigin.End => length,
            _ => 0,
        };
        return target < 0 ? -1 : position = target;
    }

    private Span<byte> Block(long offset)
    {
        (long index, long at) = Math.DivRem(offset, BlockBytes);
        if (index != 0 && index != lastIndex)
            throw new IOException($"The encoder went back to byte {offset}, which has been staged already.");
        return (index == 0 ? first : last).AsSpan((int)at);
    }

    private void BeginBlock()
    {
        if (lastIndex == 0)
            last = new byte[BlockBytes];
        else
            Stage(lastIndex, last);
        lastIndex++;
    }

    private void Stage(int index, byte[] content)
    {
        StagedBlock block = new(index, (long)index * BlockBytes, (int)Math.Min(BlockBytes, length - ((long)index * BlockBytes)));
        file.StageAsync(block, content.AsMemory(0, block.Length), cancellationToken).AsTask().GetAwaiter().GetResult();
        staged.Add(block);
    }
}
