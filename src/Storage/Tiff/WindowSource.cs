using Upweave.Storage.Arrays;

namespace Upweave.Storage.Tiff;

/// <summary>
/// A source read through a window, for headers whose parts lie near each other: many small reads become one. For one reader at a
/// time.
/// </summary>
internal sealed class WindowSource(IByteSource inner) : IByteSource
{
    private const int WindowBytes = 64 << 10;

    /// <summary>Read before what is asked for: some writers put a directory's values in front of it.</summary>
    private const int BackBytes = 16 << 10;

    private readonly byte[] window = new byte[WindowBytes];
    private long start;
    private int length;

    public long Length => inner.Length;

    public async ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (destination.Length > WindowBytes - BackBytes)
        {
            await inner.ReadAsync(offset, destination, cancellationToken);
            return;
        }

        if (offset < start || offset + destination.Length > start + length)
        {
            start = Math.Max(0, offset - BackBytes);
            length = 0;
            int count = (int)Math.Min(WindowBytes, Length - start);
            await inner.ReadAsync(start, window.AsMemory(0, count), cancellationToken);
            length = count;
        }

        window.AsMemory((int)(offset - start), destination.Length).CopyTo(destination);
    }
}
