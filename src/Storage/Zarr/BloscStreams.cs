using K4os.Compression.LZ4;

namespace Upweave.Storage.Zarr;

/// <summary>A stream in a block of a Blosc frame.</summary>
internal static class BloscStreams
{
    private static readonly ZarrDeflateCodec Zlib = new(IsZlib: true);

    /// <summary>Fills <paramref name="target"/>; a stream as long as that is stored as it is.</summary>
    /// <exception cref="CorruptDataException">It decodes to more or fewer bytes, or not at all.</exception>
    public static void Decode(BloscCompressor compressor, ArraySegment<byte> stored, ArraySegment<byte> target, string name)
    {
        if (stored.Count == target.Count)
        {
            stored.CopyTo(target);
            return;
        }

        int length = compressor switch
        {
            BloscCompressor.BloscLz => BloscLz.Decode(stored, target),
            BloscCompressor.Lz4 => stored.Count == 0 ? -1 : LZ4Codec.Decode(stored, target),
            BloscCompressor.Zlib => Zlib.Decode(stored, target, name).Count,
            BloscCompressor.Zstd => ZstdPool.Decompress(stored, target, name),
            BloscCompressor.Snappy => throw BloscHeader.Fault(name, "is compressed with snappy, which is not supported"),
            _ => throw BloscHeader.Fault(name, $"is compressed with {(int)compressor}, which is not known"),
        };
        if (length != target.Count)
            throw BloscHeader.Fault(name, $"has a stream of {stored.Count} bytes that is not {target.Count} compressed with {compressor}");
    }
}
