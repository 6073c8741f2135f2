using System.Buffers;
using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Storage.Tiff;

/// <summary>Fetches and decodes chunks: a tile each, or some strips, since those of most writers are small.</summary>
internal sealed class TiffChunkLoader(
    IByteSource source, TiffStack stack, TiffSegments segments, TiffDecoder decoder, byte[] fill)
{
    /// <summary>What strips are put together to.</summary>
    private const int ChunkBytes = 1 << 20;

    /// <summary>Bytes between two strips that cost less than a read of their own.</summary>
    private const int GapBytesMax = 4 << 10;

    private readonly TiffLayout layout = stack.Layout;
    private readonly int elementBytes = stack.Layout.Type.Size();

    private const int ChunkStripsMax = 4096;

    /// <summary>Rows of a chunk.</summary>
    public static long Rows(TiffLayout layout) => layout.IsTiled
        ? layout.TileHeight
        : Math.Min(layout.Height, layout.TileHeight * Math.Clamp(ChunkBytes / layout.TileBytes, 1, ChunkStripsMax));

    /// <summary>What loading a chunk holds beside it: stored bytes, and a decoded tile.</summary>
    public static long OverheadBytes(TiffLayout layout)
    {
        // A JPEG's stream is put together, and its pixels are held by libvips and once more by what it gives.
        long beside = layout.Compression == TiffCompression.Jpeg
            ? (2 * layout.TileBytes) + RunBytesMax(layout)
            : PooledBytes.Of(layout.RowBytes);
        long places = layout.IsTiled ? TiffSegment.StructBytes : ChunkStripsMax * TiffSegment.StructBytes;
        return checked(PooledBytes.Of(RunBytesMax(layout)) + PooledBytes.Of(layout.TileBytes) + beside + places);
    }

    /// <summary>Loads a chunk: its elements in the array's order, little-endian.</summary>
    /// <param name="chunk">As far as it lies in the array.</param>
    public async Task<byte[]?> LoadAsync(Box chunk, CancellationToken cancellationToken)
    {
        TiffPlaneBox plane = TiffPlaneBox.Of(stack, chunk);
        int across = (int)(plane.Left / layout.TileWidth);
        TiffSegment[] stored = await segments.FindAsync(
            plane.Page, plane.Shift, plane.FirstSample, plane.Top, plane.Bottom, across, cancellationToken);
        byte[] elements = GC.AllocateUninitializedArray<byte>(checked((int)(chunk.Volume * elementBytes)));
        long[] strides = TiffPlaneBox.Strides(stack.Axes, chunk.Shape);
        for (int first = 0; first < stored.Length;)
        {
            int end = first + 1;
            while (end < stored.Length && IsNear(stored, first, end))
            {
                end++;
            }

            await LoadRunAsync(plane, new ArraySegment<TiffSegment>(stored, first, end - first), elements, strides, cancellationToken);
            first = end;
        }

        return elements;
    }

    /// <summary>The strip is read together with those before it.</summary>
    private bool IsNear(TiffSegment[] stored, int first, int next)
    {
        long gap = stored[next].Offset - stored[next - 1].End;
        return stored[first].Bytes > 0 && stored[next].Bytes > 0 && gap is >= 0 and <= GapBytesMax
            && stored[next].End - stored[first].Offset <= RunBytesMax(layout);
    }

    private static long RunBytesMax(TiffLayout layout) => Math.Max(
        layout.IsTiled ? 0 : ChunkBytes,
        layout.Compression == TiffCompression.None ? layout.TileBytes : TiffLimits.StoredBytesMax(layout.TileBytes));

    private async ValueTask LoadRunAsync(
        TiffPlaneBox plane, ArraySegment<TiffSegment> run, byte[] elements, long[] strides, CancellationToken cancellationToken)
    {
        int length = checked((int)(run[^1].End - run[0].Offset));
        if (run[0].Bytes == 0)
        {
            Place(plane, run[0], [], elements, strides);
            return;
        }

        byte[] stored = ArrayPool<byte>.Shared.Rent(length);
        byte[] tile = ArrayPool<byte>.Shared.Rent(checked((int)layout.TileBytes));
        try
        {
            await source.ReadAsync(run[0].Offset, stored.AsMemory(0, length), cancellationToken);
            foreach (TiffSegment segment in run)
            {
                Span<byte> pixels = tile.AsSpan(0, (int)layout.TileBytes);
                decoder.Decode(
                    stored, (int)(segment.Offset - run[0].Offset), (int)segment.Bytes, plane.Page.JpegTables, segment.Rows, pixels,
                    segments.NameOf(plane.Page, segment.Number));
                Place(plane, segment, pixels, elements, strides);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(tile);
            ArrayPool<byte>.Shared.Return(stored);
        }
    }

    /// <summary>Puts the part of a tile that lies in the array to its place.</summary>
    /// <param name="pixels">Empty for a tile that is not stored.</param>
    private void Place(TiffPlaneBox plane, TiffSegment segment, ReadOnlySpan<byte> pixels, byte[] elements, long[] strides)
    {
        long rows = Math.Min(plane.Bottom, segment.Top + segment.Rows) - segment.Top;
        long[] shape = [plane.Samples, rows, plane.Columns];
        Span<byte> target = elements.AsSpan((int)((segment.Top - plane.Top) * strides[1] * elementBytes));
        int samples = layout.TileSamples;
        if (pixels.IsEmpty)
            TiffFill.Fill(fill, shape, target, strides);
        else
            StridedCopy.Copy(shape, pixels, [1, layout.TileWidth * samples, samples], target, strides, elementBytes);
    }
}
