using System.Buffers.Binary;

namespace Upweave.Storage.Zarr;

/// <summary>The codec <c>crc32c</c>: the content, and its checksum behind it.</summary>
internal sealed record ZarrChecksumCodec : ZarrByteCodec
{
    public override string Name => "crc32c";

    public override bool IsInPlace => true;

    public override long StoredBytesMax(long length) => checked(length + Crc32C.Size);

    public override ArraySegment<byte> Decode(ArraySegment<byte> content, ArraySegment<byte> target, string name)
    {
        int length = content.Count - Crc32C.Size;
        if (length < 0)
            throw new CorruptDataException($"The chunk '{name}' has {content.Count} bytes, which is less than its checksum takes.");
        ArraySegment<byte> covered = content[..length];
        uint stored = BinaryPrimitives.ReadUInt32LittleEndian(content[length..]);
        uint found = Crc32C.Of(covered);
        return stored == found
            ? covered
            : throw new CorruptDataException($"The chunk '{name}' has the crc32c {found:x8} where {stored:x8} is stored with it.");
    }
}
