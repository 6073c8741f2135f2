using System.IO.Compression;

namespace Upweave.Storage.Zarr;

/// <summary>The codecs <c>gzip</c> (RFC 1952) and <c>zlib</c> (RFC 1950, zarr v2): deflate, and a checksum.</summary>
internal sealed record ZarrDeflateCodec(bool IsZlib) : ZarrByteCodec
{
    public override string Name => IsZlib ? "zlib" : "gzip";

    public override ArraySegment<byte> Decode(ArraySegment<byte> content, ArraySegment<byte> target, string name)
    {
        using MemoryStream compressed = new(content.Array!, content.Offset, content.Count, writable: false);
        using Stream deflated = IsZlib
            ? new ZLibStream(compressed, CompressionMode.Decompress)
            : new GZipStream(compressed, CompressionMode.Decompress);
        try
        {
            int length = deflated.ReadAtLeast(target, target.Count, throwOnEndOfStream: false);
            // To its end, where the checksum is.
            return Decoded(target, length == target.Count && deflated.ReadByte() >= 0 ? -1 : length, name);
        }
        // A stream that asks for a dictionary is an IOException, though nothing is read here.
        catch (Exception malformed) when (malformed is InvalidDataException or IOException)
        {
            throw new CorruptDataException($"The chunk '{name}' is not valid {Name}: {malformed.Message}", malformed);
        }
    }
}
