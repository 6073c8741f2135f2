using System.Buffers;
using Upweave.Storage.Arrays;

namespace Upweave.Storage.Nifti;

/// <summary>Elements as they are scaled, from those that are stored. Only whole elements can be asked for.</summary>
internal sealed record ScaledSource(IByteSource Stored, ElementType Type, bool BigEndian, NiftiScaling Scaling) : IByteSource
{
    /// <summary>The most bytes read at a time.</summary>
    public const int PieceBytes = 64 << 10;

    private int WideBytes => NiftiScaling.TypeOf(Type).Size();

    public long Length => Stored.Length / Type.Size() * WideBytes;

    public async ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        int size = Type.Size();
        int most = PieceBytes / size;
        byte[] piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            for (int start = 0; start < destination.Length; start += most * WideBytes)
            {
                int count = Math.Min(most, (destination.Length - start) / WideBytes);
                Memory<byte> stored = piece.AsMemory(0, count * size);
                await Stored.ReadAsync(((offset + start) / WideBytes) * size, stored, cancellationToken);
                if (BigEndian)
                    ByteOrder.Reverse(stored.Span, size);
                Scaling.Apply(Type, stored.Span, destination.Span.Slice(start, count * WideBytes));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }
}
