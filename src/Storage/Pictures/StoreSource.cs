using Upweave.Storage.Stores;

namespace Upweave.Storage.Pictures;

/// <summary>
/// An object of a store, read through a window. The window starts small, since a header or a tile of a TIFF needs
/// little, and doubles as long as reading goes straight on.
/// </summary>
internal sealed class StoreSource : VipsSource
{
    public const int MaxWindowBytes = 4 << 20;
    private const int MinWindowBytes = 64 << 10;

    private readonly IObjectStore store;
    private readonly string path;
    private readonly PictureIdentity identity;
    private readonly CancellationToken cancellationToken;
    private byte[] window = [];
    private long windowOffset;
    private int windowLength;

    public StoreSource(IObjectStore store, string path, PictureIdentity identity, CancellationToken cancellationToken)
    {
        this.store = store;
        this.path = path;
        this.identity = identity;
        this.cancellationToken = cancellationToken;
    }

    protected override long Length => identity.Length;

    protected override int ReadAt(long offset, Span<byte> destination)
    {
        if (offset < windowOffset || offset >= windowOffset + windowLength)
            MoveWindow(offset);
        ReadOnlySpan<byte> available = window.AsSpan(0, windowLength)[(int)(offset - windowOffset)..];
        int count = Math.Min(available.Length, destination.Length);
        available[..count].CopyTo(destination);
        return count;
    }

    private void MoveWindow(long offset)
    {
        bool straightOn = windowLength > 0 && offset == windowOffset + windowLength;
        int size = straightOn ? Math.Min(2 * window.Length, MaxWindowBytes) : MinWindowBytes;
        if (window.Length != size)
            window = new byte[size];
        windowLength = 0;
        int length = (int)Math.Min(size, identity.Length - offset);
        store.ReadAsync(path, offset, window.AsMemory(0, length), identity.ETag, cancellationToken)
            .AsTask().GetAwaiter().GetResult();
        windowOffset = offset;
        windowLength = length;
    }
}
