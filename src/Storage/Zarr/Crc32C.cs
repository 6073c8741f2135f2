using System.Buffers.Binary;
using System.Numerics;

namespace Upweave.Storage.Zarr;

/// <summary>The checksum CRC-32C (RFC 3720, appendix B.4), four bytes little-endian behind what it covers.</summary>
internal static class Crc32C
{
    /// <summary>Bytes of a checksum.</summary>
    public const int Size = 4;

    public static uint Of(ReadOnlySpan<byte> content)
    {
        uint state = uint.MaxValue;
        for (; content.Length >= sizeof(ulong); content = content[sizeof(ulong)..])
        {
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(content));
        }

        foreach (byte value in content)
        {
            state = BitOperations.Crc32C(state, value);
        }

        return ~state;
    }

    /// <summary>Puts the checksum of the first bytes behind them.</summary>
    /// <param name="destination">Holds the content, and four bytes more.</param>
    /// <returns>Bytes of both.</returns>
    public static int Append(Span<byte> destination, int length)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination[length..], Of(destination[..length]));
        return length + Size;
    }
}
