using System.IO.Compression;
using Upweave.Storage.Arrays;

namespace Upweave.Storage.Zarr;

/// <summary>Compresses the chunks of an array that is written.</summary>
/// <param name="level">Null: a good one.</param>
internal sealed class ChunkCompressor(Compression kind, int? level)
{
    private readonly int level = level ?? (kind == Compression.Zstd ? ZstdPool.Level : 6);

    public Compression Kind => kind;

    public int Level => level;

    /// <summary>No less than <see cref="Compress"/> makes of so many bytes.</summary>
    public long BytesMax(long length) => kind switch
    {
        Compression.Zstd => ZstdPool.CompressedBytesMax(length),
        Compression.Deflate => checked(length + (length >> 8) + 256),
        _ => length,
    };

    /// <summary>What <see cref="Compress"/> takes beside source and destination.</summary>
    public long WorkBytesMax(long length) => kind == Compression.Deflate ? BytesMax(length) : 0;

    /// <param name="destination">At least <see cref="BytesMax"/>.</param>
    /// <returns>Bytes written.</returns>
    public int Compress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        switch (kind)
        {
            case Compression.Zstd:
                return ZstdPool.Compress(source, destination, level);
            case Compression.Deflate:
                return Gzip(source, destination);
            default:
                source.CopyTo(destination);
                return source.Length;
        }
    }

    private int Gzip(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        using MemoryStream compressed = new(checked((int)BytesMax(source.Length)));
        using (GZipStream gzip = new(compressed, new ZLibCompressionOptions { CompressionLevel = level }, leaveOpen: true))
        {
            gzip.Write(source);
        }

        int length = (int)compressed.Length;
        compressed.GetBuffer().AsSpan(0, length).CopyTo(destination);
        return length;
    }
}
