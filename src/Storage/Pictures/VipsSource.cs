using System.Runtime.ExceptionServices;
using NetVips;

namespace Upweave.Storage.Pictures;

/// <summary>
/// Bytes that libvips asks for through callbacks. An exception must not cross native frames: it is kept, libvips is
/// told that the read failed, and <see cref="ThrowIfFailed"/> brings it back.
/// </summary>
internal abstract class VipsSource : IDisposable
{
    private readonly SourceCustom native = new();
    private ExceptionDispatchInfo? failure;
    private long position;

    protected VipsSource()
    {
        native.OnRead += Read;
        native.OnSeek += Seek;
    }

    public Source Native => native;

    protected abstract long Length { get; }

    /// <summary>Throws what a callback met, if it met anything.</summary>
    public void ThrowIfFailed() => failure?.Throw();

    public void Dispose() => native.Dispose();

    /// <summary>
    /// Copies bytes from <paramref name="offset"/> (below <see cref="Length"/>) on; at least 1, and as many as are at
    /// hand.
    /// </summary>
    protected abstract int ReadAt(long offset, Span<byte> destination);

    private int Read(byte[] buffer, int length)
    {
        if (position >= Length)
            return 0;
        try
        {
            int count = ReadAt(position, buffer.AsSpan(0, (int)Math.Min(length, Length - position)));
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
            SeekOrigin.End => Length,
            _ => 0,
        };
        return target < 0 ? -1 : position = target;
    }
}
