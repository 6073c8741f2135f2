using System.IO.Compression;
using Upweave.Storage.Arrays;

namespace Upweave.Storage.Zarr;

/// <summary>How a chunk's bytes are compressed.</summary>
internal enum ZarrCompression
{
    None,
    Zstd,
    Gzip,
}

/// <summary>A chunk's codecs: elements to bytes in one byte order, then compression or none.</summary>
internal sealed record ZarrCodecs(bool BigEndian, ZarrCompression Compression)
{
    public IReadOnlyList<string> Names =>
        [BigEndian ? "bytes (big-endian)" : "bytes",
            .. Compression == ZarrCompression.None ? [] : new[] { Compression.ToString().ToLowerInvariant() }];

    /// <summary>Elements are stored as they are, little-endian: any range can be read.</summary>
    public bool IsPlain => !BigEndian && Compression == ZarrCompression.None;

    /// <summary>
    /// The most bytes that a chunk of this size is taken to be stored in. Every encoder falls back to storing what it
    /// cannot compress, at less than 1/128 and some headers more.
    /// </summary>
    public long StoredBytesMax(long chunkBytes) =>
        Compression == ZarrCompression.None ? chunkBytes : chunkBytes + (chunkBytes / 128) + 1024;

    /// <summary>Fills <paramref name="chunk"/> with the decoded elements, little-endian.</summary>
    /// <param name="name">Names the object in messages.</param>
    /// <exception cref="CorruptDataException">It does not decode, or to more or fewer bytes than a chunk has.</exception>
    public void Decode(byte[] stored, int storedLength, Span<byte> chunk, int elementBytes, string name)
    {
        ReadOnlySpan<byte> content = stored.AsSpan(0, storedLength);
        int decoded = Compression switch
        {
            ZarrCompression.Zstd => ZstdPool.Decompress(content, chunk, name),
            ZarrCompression.Gzip => Gunzip(stored, storedLength, chunk, name),
            _ => Copy(content, chunk),
        };
        if (decoded != chunk.Length)
            throw WrongSize(name, chunk.Length, decoded < 0 ? "more" : $"{decoded}");
        if (BigEndian)
            ByteOrder.Reverse(chunk, elementBytes);
    }

    public static CorruptDataException WrongSize(string name, int expected, string found) =>
        new($"The chunk '{name}' has {found} bytes where its shape has {expected}.");

    private static int Copy(ReadOnlySpan<byte> content, Span<byte> chunk)
    {
        if (content.Length > chunk.Length)
            return -1;
        content.CopyTo(chunk);
        return content.Length;
    }

    private static int Gunzip(byte[] stored, int storedLength, Span<byte> chunk, string name)
    {
        using MemoryStream compressed = new(stored, 0, storedLength);
        using GZipStream gzip = new(compressed, CompressionMode.Decompress);
        try
        {
            int length = gzip.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false);
            return length == chunk.Length && gzip.ReadByte() >= 0 ? -1 : length;
        }
        catch (InvalidDataException malformed)
        {
            throw new CorruptDataException($"The chunk '{name}' is not valid gzip: {malformed.Message}", malformed);
        }
    }
}
