using System.Buffers.Binary;

namespace Upweave.Storage.Zarr;

/// <summary>The compressors of Blosc's frames, by their number there. LZ4HC's streams are LZ4's.</summary>
internal enum BloscCompressor
{
    BloscLz = 0,
    Lz4 = 1,
    Snappy = 2,
    Zlib = 3,
    Zstd = 4,
}

/// <summary>
/// The first 16 bytes of a frame of Blosc 1 (c-blosc, README_CHUNK_FORMAT.rst): version, version of the compressor, flags, bytes per
/// element; then the numbers of decoded bytes, of bytes in a block, and of bytes of the frame, 4 bytes each.
/// </summary>
internal readonly record struct BloscHeader
{
    public const int Size = 16;

    private const byte Version = 2;
    private const int SplitsMax = 16;
    private const int SplitBytesMin = 128;
    private const byte FutureFlag = 8;

    private readonly byte flags;

    private BloscHeader(byte flags, int typeBytes, int decodedBytes, int blockBytes)
    {
        this.flags = flags;
        TypeBytes = typeBytes;
        DecodedBytes = decodedBytes;
        BlockBytes = blockBytes;
    }

    /// <summary>Bytes per element: 1 to 255.</summary>
    public int TypeBytes { get; }

    public int DecodedBytes { get; }

    /// <summary>Of every block but the last, which may have fewer.</summary>
    public int BlockBytes { get; }

    public bool IsShuffled => (flags & 1) != 0 && TypeBytes > 1;

    /// <summary>The content follows as it is.</summary>
    public bool IsStored => (flags & 2) != 0;

    public bool IsBitShuffled => (flags & 4) != 0 && !IsShuffled;

    public BloscCompressor Compressor => (BloscCompressor)(flags >> 5);

    public int Blocks => (int)(((long)DecodedBytes + BlockBytes - 1) / BlockBytes);

    /// <summary>Streams of a block: one, or one for each byte of an element.</summary>
    public int Streams(int blockBytes)
    {
        bool isWhole = (flags & 16) != 0 || blockBytes != BlockBytes;
        return isWhole || TypeBytes > SplitsMax || BlockBytes / TypeBytes < SplitBytesMin ? 1 : TypeBytes;
    }

    /// <summary>Checks every number against the content and the most that may be decoded.</summary>
    /// <param name="content">The whole frame.</param>
    /// <param name="name">Names the chunk in messages.</param>
    /// <exception cref="CorruptDataException">They contradict each other.</exception>
    public static BloscHeader Parse(ReadOnlySpan<byte> content, int decodedMax, string name)
    {
        if (content.Length < Size)
            throw Fault(name, $"has {content.Length} bytes where its header has {Size}");
        (byte version, byte flags, byte typeBytes) = (content[0], content[2], content[3]);
        if (version != Version || (flags & FutureFlag) != 0)
            throw Fault(name, $"is of version {version} with flags {flags:x2}; version {Version} is known");
        uint decoded = BinaryPrimitives.ReadUInt32LittleEndian(content[4..]);
        uint block = BinaryPrimitives.ReadUInt32LittleEndian(content[8..]);
        uint stored = BinaryPrimitives.ReadUInt32LittleEndian(content[12..]);
        if (stored != content.Length)
            throw Fault(name, $"claims {stored} bytes and has {content.Length}");
        if (decoded > decodedMax)
            throw ZarrChain.WrongSize(name, decodedMax, $"{decoded}");
        BloscHeader header = new(flags, typeBytes, (int)decoded, (int)Math.Max(1, Math.Min(block, decoded)));
        if (typeBytes == 0 || block == 0 || block > Math.Max(1, decoded))
            throw Fault(name, $"has elements of {typeBytes} bytes and blocks of {block} in {decoded}");
        bool fits = header.IsStored ? stored == Size + decoded : stored >= Size + (sizeof(int) * (long)header.Blocks);
        return fits ? header : throw Fault(name, $"has {stored} bytes, which is not what {decoded} in blocks of {block} take");
    }

    public static CorruptDataException Fault(string name, string what, Exception? inner = null) =>
        new($"The chunk '{name}' is not valid blosc: its frame {what}.", inner);
}
