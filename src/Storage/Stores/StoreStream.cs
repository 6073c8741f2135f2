namespace Upweave.Storage.Stores;

/// <summary>
/// A pinned object as a stream that can seek but not write, for decoders that take nothing else. Every read is a range read:
/// put a buffer around it. For one reader at a time.
/// </summary>
internal sealed class StoreStream : Stream
{
    private readonly IObjectStore store;
    private readonly ObjectInfo info;

    public StoreStream(IObjectStore store, ObjectInfo info)
    {
        this.store = store;
        this.info = info;
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => info.Length;

    public override long Position { get; set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count = (int)Math.Clamp(info.Length - Position, 0, buffer.Length);
        if (count > 0)
            await store.ReadAsync(info.Path, Position, buffer[..count], info.ETag, cancellationToken);
        Position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Blocks the thread: for decoders that know no other way.</summary>
    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    /// <exception cref="IOException">The place is before the beginning.</exception>
    public override long Seek(long offset, SeekOrigin origin)
    {
        long position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => Position + offset,
            _ => info.Length + offset,
        };
        return position >= 0 ? Position = position : throw new IOException($"A place {position} before the beginning of '{info.Path}'.");
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
