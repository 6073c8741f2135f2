namespace Upweave.Storage.Zarr;

/// <summary>The codec <c>zstd</c>: frames one after the other (RFC 8878).</summary>
internal sealed record ZarrZstdCodec : ZarrByteCodec
{
    public override string Name => "zstd";

    public override ArraySegment<byte> Decode(ArraySegment<byte> content, ArraySegment<byte> target, string name) =>
        Decoded(target, ZstdPool.Decompress(content, target, name), name);
}
