using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Nifti;

/// <summary>
/// The content of a gzip file (RFC 1952), read once from its beginning, never more of it than is asked for. That it ends where it should
/// is told by the file's last eight bytes, the CRC-32 and length of its last member: the decoder would take no notice of what
/// follows a member and is none.
/// </summary>
internal sealed class GzipContent : IAsyncDisposable
{
    /// <summary>What is held: the window of the file, the decoder's own buffers.</summary>
    public const int HeldBytes = WindowBytes + (256 << 10);

    /// <summary>Deflate's best: 258 bytes of two bits. A file that promises more is cut short, or lies.</summary>
    public const long RatioMax = 1032;

    private const int WindowBytes = 1 << 20;
    private const int TrailerBytes = 8;

    private readonly string name;
    private readonly BufferedStream file;
    private readonly GZipStream content;
    private readonly Crc32 crc = new();
    private readonly uint lastCrc;
    private readonly uint lastLength;
    private long hashFrom;
    private long position;

    private GzipContent(IObjectStore store, ObjectInfo info, string name, ReadOnlySpan<byte> trailer)
    {
        this.name = name;
        file = new BufferedStream(new StoreStream(store, info), WindowBytes);
        content = new GZipStream(file, CompressionMode.Decompress);
        lastCrc = BinaryPrimitives.ReadUInt32LittleEndian(trailer);
        lastLength = BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]);
    }

    /// <param name="info">Pins the file.</param>
    /// <exception cref="CorruptDataException">The file is no gzip.</exception>
    public static async ValueTask<GzipContent> OpenAsync(
        IObjectStore store, ObjectInfo info, string name, CancellationToken cancellationToken)
    {
        byte[] start = new byte[2];
        byte[] trailer = new byte[TrailerBytes];
        if (info.Length >= 18)
        {
            await store.ReadAsync(info.Path, 0, start, info.ETag, cancellationToken);
            await store.ReadAsync(info.Path, info.Length - TrailerBytes, trailer, info.ETag, cancellationToken);
        }

        return start is [0x1F, 0x8B]
            ? new GzipContent(store, info, name, trailer)
            : throw new CorruptDataException($"'{name}' is not a gzip file, or an empty one.");
    }

    /// <summary>Says how long the content is to be, before anything is read that is to be checked by <see cref="EndAsync"/>.</summary>
    public void Expect(long length)
    {
        // A file of one member counts modulo 2^32; of several, the last member's bytes are the last ones.
        bool isWhole = lastLength == (uint)length;
        hashFrom = isWhole ? 0 : Math.Max(0, length - lastLength);
    }

    /// <summary>Up to as many bytes as fit, fewer only at the end.</summary>
    /// <exception cref="CorruptDataException">The file is damaged.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        try
        {
            int count = await content.ReadAtLeastAsync(destination, destination.Length, throwOnEndOfStream: false, cancellationToken);
            int skipped = (int)Math.Clamp(hashFrom - position, 0, count);
            crc.Append(destination.Span[skipped..count]);
            position += count;
            return count;
        }
        catch (InvalidDataException damaged)
        {
            throw new CorruptDataException($"'{name}' is damaged after {position} decompressed bytes: {damaged.Message}", damaged);
        }
    }

    /// <summary>Fills the destination.</summary>
    /// <exception cref="CorruptDataException">The file is damaged or ends too early.</exception>
    public async ValueTask ReadExactlyAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (await ReadAsync(destination, cancellationToken) < destination.Length)
            throw new CorruptDataException($"'{name}' is truncated: it ends after {position} decompressed bytes. hint: copy it again");
    }

    /// <summary>Reads on to a place, and forgets what is before it.</summary>
    public async ValueTask SkipToAsync(long offset, CancellationToken cancellationToken)
    {
        byte[] skipped = ArrayPool<byte>.Shared.Rent(64 << 10);
        try
        {
            while (position < offset)
            {
                await ReadExactlyAsync(skipped.AsMemory(0, (int)Math.Min(skipped.Length, offset - position)), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(skipped);
        }
    }

    /// <summary>Checks that nothing follows.</summary>
    /// <exception cref="CorruptDataException">Something does, or the checksum is wrong.</exception>
    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        if (await ReadAsync(new byte[1], cancellationToken) > 0)
            throw new CorruptDataException($"'{name}' has more than the {position - 1} bytes that its header promises.");
        if (crc.GetCurrentHashAsUInt32() != lastCrc)
            throw new CorruptDataException($"'{name}' does not end with the checksum of its content: bytes follow it, or it is damaged.");
    }

    public async ValueTask DisposeAsync()
    {
        await content.DisposeAsync();
        await file.DisposeAsync();
    }
}
