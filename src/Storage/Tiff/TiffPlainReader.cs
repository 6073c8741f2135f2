using System.Buffers;
using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Storage.Tiff;

/// <summary>
/// Reads boxes of pages whose elements are stored as they are: only the rows that are wanted, and nothing is kept. Strips that lie one
/// behind the other, as most do, are read as one.
/// </summary>
internal sealed class TiffPlainReader(IByteSource source, TiffStack stack, TiffSegments segments, byte[] fill)
{
    /// <summary>Rows of pixels before their channels are taken apart.</summary>
    private const int BandBytes = 1 << 20;

    private readonly TiffLayout layout = stack.Layout;
    private readonly int elementBytes = stack.Layout.Type.Size();

    /// <summary>What one read of so many rows and columns holds.</summary>
    public static long OverheadBytes(TiffLayout layout, long rows, long columns) => LinearBoxReader.ScratchBytes
        + ((2 + (rows / layout.TileHeight)) * TiffSegment.StructBytes)
        + PooledBytes.Of(Math.Max(BandBytes, columns * layout.TileSamples * layout.Type.Size()));

    /// <summary>Reads a part of a box, in the order of bytes in which it is stored.</summary>
    /// <param name="wanted">The part: of one page, and of one tile where the page has tiles.</param>
    /// <param name="box">What the destination holds.</param>
    public async ValueTask ReadAsync(Box wanted, Memory<byte> destination, Box box, CancellationToken cancellationToken)
    {
        TiffPlaneBox plane = TiffPlaneBox.Of(stack, wanted);
        int across = (int)(plane.Left / layout.TileWidth);
        long[] strides = TiffPlaneBox.Strides(stack.Axes, box.Shape);
        long[] all = StridedCopy.Strides(box.Shape);
        long start = 0;
        for (int axis = 0; axis < all.Length; axis++)
        {
            start += (wanted.Origin[axis] - box.Origin[axis]) * all[axis];
        }

        TiffSegment[] stored = await segments.FindAsync(
            plane.Page, plane.Shift, plane.FirstSample, plane.Top, plane.Bottom, across, cancellationToken);
        for (int first = 0; first < stored.Length;)
        {
            int end = first + 1;
            while (end < stored.Length && stored[first].Bytes > 0 && stored[end].Offset == stored[end - 1].End)
            {
                end++;
            }

            long top = Math.Max(plane.Top, stored[first].Top);
            long bottom = Math.Min(plane.Bottom, stored[end - 1].Top + stored[end - 1].Rows);
            TiffPlaneBox rows = plane with { Top = top, Rows = bottom - top };
            Memory<byte> target = destination[(int)((start + ((top - plane.Top) * strides[1])) * elementBytes)..];
            await ReadRunAsync(stored[first], stored[end - 1].End, rows, target, strides, cancellationToken);
            first = end;
        }
    }

    private async ValueTask ReadRunAsync(
        TiffSegment first, long end, TiffPlaneBox rows, Memory<byte> target, long[] strides, CancellationToken cancellationToken)
    {
        if (first.Bytes == 0)
        {
            TiffFill.Fill(fill, [rows.Samples, rows.Rows, rows.Columns], target.Span, strides);
            return;
        }

        int samples = layout.TileSamples;
        long storedRows = (end - first.Offset) / layout.RowBytes;
        LinearBoxReader linear = new(source, first.Offset, [storedRows, layout.TileWidth, samples], elementBytes);
        long top = rows.Top - first.Top, left = rows.Left % layout.TileWidth;
        long rowBytes = rows.Columns * samples * elementBytes;
        if (samples == 1 && strides[1] == rows.Columns)
        {
            Box whole = new([top, left, 0], [rows.Rows, rows.Columns, 1]);
            await linear.ReadAsync(whole, target[..(int)(rows.Rows * rowBytes)], cancellationToken);
            return;
        }

        long bandRows = Math.Clamp(BandBytes / rowBytes, 1, rows.Rows);
        byte[] band = ArrayPool<byte>.Shared.Rent(checked((int)(bandRows * rowBytes)));
        try
        {
            for (long done = 0; done < rows.Rows; done += bandRows)
            {
                long count = Math.Min(bandRows, rows.Rows - done);
                Memory<byte> pixels = band.AsMemory(0, (int)(count * rowBytes));
                await linear.ReadAsync(new Box([top + done, left, 0], [count, rows.Columns, samples]), pixels, cancellationToken);
                StridedCopy.Copy(
                    [rows.Samples, count, rows.Columns],
                    pixels.Span[((layout.IsPlanar ? 0 : rows.FirstSample) * elementBytes)..],
                    [1, rows.Columns * samples, samples],
                    target.Span[(int)(done * strides[1] * elementBytes)..],
                    strides,
                    elementBytes);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(band);
        }
    }
}
