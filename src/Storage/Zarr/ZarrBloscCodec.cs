using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using Upweave.Storage.Arrays;

namespace Upweave.Storage.Zarr;

/// <summary>
/// The codec <c>blosc</c>: one frame of Blosc 1. Behind the header the place of each block, then the blocks: one or more streams each, with
/// their lengths, of elements whose bytes or bits may be shuffled.
/// </summary>
internal sealed record ZarrBloscCodec : ZarrByteCodec
{
    public override string Name => "blosc";

    /// <summary>The codec; what else it was written with says each frame itself.</summary>
    /// <param name="compressor">The name in the configuration; null where there is none.</param>
    /// <param name="array">Names the array in messages.</param>
    /// <exception cref="InvalidArrayException">The compressor is not supported.</exception>
    public static ZarrBloscCodec Of(JsonElement? compressor, string array) =>
        ZarrJson.Text(compressor) is null or "blosclz" or "lz4" or "lz4hc" or "zlib" or "zstd"
            ? new ZarrBloscCodec()
            : throw ZarrRules.Fault(
                array, $"uses the compressor '{ZarrJson.Text(compressor)}' in blosc", "supported are blosclz, lz4, lz4hc, zlib and zstd");

    /// <summary>A block before it is put in order, which may be all.</summary>
    public override long ScratchBytes(long length) => PooledBytes.Of(length);

    public override ArraySegment<byte> Decode(ArraySegment<byte> content, ArraySegment<byte> target, string name)
    {
        BloscHeader header = BloscHeader.Parse(content, target.Count, name);
        ArraySegment<byte> decoded = target[..header.DecodedBytes];
        if (header.IsStored)
        {
            content[BloscHeader.Size..].CopyTo(decoded);
            return decoded;
        }

        byte[]? scratch = header.IsShuffled || header.IsBitShuffled ? ArrayPool<byte>.Shared.Rent(header.BlockBytes) : null;
        try
        {
            for (int block = 0; block < header.Blocks && header.DecodedBytes > 0; block++)
            {
                int start = block * header.BlockBytes;
                ArraySegment<byte> ordered = decoded.Slice(start, Math.Min(header.BlockBytes, decoded.Count - start));
                DecodeBlock(header, block, content, ordered, scratch, name);
            }
        }
        finally
        {
            if (scratch is not null)
                ArrayPool<byte>.Shared.Return(scratch);
        }

        return decoded;
    }

    private static void DecodeBlock(
        BloscHeader header, int block, ArraySegment<byte> content, ArraySegment<byte> ordered, byte[]? scratch, string name)
    {
        ArraySegment<byte> shuffled = scratch is null ? ordered : new ArraySegment<byte>(scratch, 0, ordered.Count);
        int streams = header.Streams(ordered.Count);
        int length = ordered.Count / streams;
        if (length * streams != ordered.Count)
            throw BloscHeader.Fault(name, $"has a block of {ordered.Count} bytes in {streams} streams");
        int place = ReadInt32(content, BloscHeader.Size + (sizeof(int) * block), name);
        for (int stream = 0; stream < streams; stream++)
        {
            int stored = ReadInt32(content, place, name);
            place += sizeof(int);
            if (stored < 0 || stored > content.Count - place)
                throw BloscHeader.Fault(name, $"has a stream of {stored} bytes from byte {place} on in {content.Count}");
            BloscStreams.Decode(header.Compressor, content.Slice(place, stored), shuffled.Slice(stream * length, length), name);
            place += stored;
        }

        if (header.IsShuffled)
            BloscShuffle.UnshuffleBytes(shuffled, ordered, header.TypeBytes);
        else if (header.IsBitShuffled)
            BloscShuffle.UnshuffleBits(shuffled, ordered, header.TypeBytes);
    }

    private static int ReadInt32(ReadOnlySpan<byte> content, int place, string name) =>
        place >= BloscHeader.Size && place <= content.Length - sizeof(int)
            ? BinaryPrimitives.ReadInt32LittleEndian(content[place..])
            : throw BloscHeader.Fault(name, $"has a block or stream at byte {place} of {content.Length}");
}
