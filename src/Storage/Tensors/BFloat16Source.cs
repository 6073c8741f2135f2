using System.Buffers;
using System.Buffers.Binary;
using Upweave.Storage.Arrays;

namespace Upweave.Storage.Tensors;

/// <summary>
/// Elements of bfloat16, little-endian, as float32: a bfloat16 is the upper half of a float32, so nothing is rounded. Only whole
/// elements can be asked for.
/// </summary>
internal sealed record BFloat16Source(IByteSource Stored) : IByteSource
{
    /// <summary>The most bytes read at a time.</summary>
    private const int PieceBytes = 64 << 10;

    public long Length => 2 * Stored.Length;

    public async ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        byte[] piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            for (int start = 0; start < destination.Length; start += 2 * PieceBytes)
            {
                int length = Math.Min(PieceBytes, (destination.Length - start) / 2);
                await Stored.ReadAsync((offset + start) / 2, piece.AsMemory(0, length), cancellationToken);
                Widen(piece.AsSpan(0, length), destination.Span.Slice(start, 2 * length));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    private static void Widen(ReadOnlySpan<byte> stored, Span<byte> wide)
    {
        for (int at = 0; at < stored.Length; at += 2)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(wide[(2 * at)..], (uint)BinaryPrimitives.ReadUInt16LittleEndian(stored[at..]) << 16);
        }
    }
}
