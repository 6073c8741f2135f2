using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Storage.Pictures;

/// <summary>
/// An array [C,H,W] or [H,W] as a stream that libvips can read: an uncompressed TIFF, made up as it is read. libvips
/// takes raw pixels from files only, and a temporary file would be as large as the array. The TIFF is of 8-bit grey, a
/// row holding the bytes of its pixels, all channels of one after the other; <see cref="PictureEncoder"/> tells libvips
/// what they are. One strip of rows is held at a time.
/// </summary>
internal sealed class ArraySource : VipsSource
{
    private const long StripBytes = 16 << 20;

    private readonly IArrayReader array;
    private readonly IProgress<double>? progress;
    private readonly CancellationToken cancellationToken;
    private readonly byte[] header;
    private readonly byte[] pixels;
    private readonly byte[] strip;
    private readonly long stripRows;
    private long stripTop = -1;
    private long pixelsRow = -1;

    public ArraySource(IArrayReader array, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        this.array = array;
        this.progress = progress;
        this.cancellationToken = cancellationToken;
        PictureShape shape = PictureShape.Of(array.Info);
        pixels = new byte[shape.RowBytes];
        header = RawTiffHeader.Build(shape.RowBytes, shape.Height);
        stripRows = RowsPerStrip(array.Info);
        strip = new byte[checked(stripRows * shape.RowBytes)];
        Shape = shape;
    }

    public PictureShape Shape { get; }

    protected override long Length => header.Length + (Shape.Height * pixels.Length);

    /// <summary>Rows that are read at once: those of one row of chunks, so that each chunk is decoded once.</summary>
    public static long RowsPerStrip(ArrayInfo info)
    {
        PictureShape shape = PictureShape.Of(info);
        long rows = info.Chunk is Dims chunk ? chunk[^2] : Math.Max(1, StripBytes / shape.RowBytes);
        return Math.Min(rows, shape.Height);
    }

    protected override int ReadAt(long offset, Span<byte> destination)
    {
        if (offset < header.Length)
            return Copy(header.AsSpan((int)offset), destination);
        (long row, long at) = Math.DivRem(offset - header.Length, pixels.Length);
        if (row != pixelsRow)
            Interleave(row);
        return Copy(pixels.AsSpan((int)at), destination);
    }

    private static int Copy(ReadOnlySpan<byte> from, Span<byte> to)
    {
        int count = Math.Min(from.Length, to.Length);
        from[..count].CopyTo(to);
        return count;
    }

    private void Interleave(long row)
    {
        if (stripTop < 0 || row < stripTop || row >= stripTop + stripRows)
            ReadStrip(row / stripRows * stripRows);
        long rows = Math.Min(stripRows, Shape.Height - stripTop);
        int lineBytes = Shape.Width * Shape.ElementSize;
        for (int channel = 0; channel < Shape.Channels; channel++)
        {
            long line = (channel * rows) + row - stripTop;
            ReadOnlySpan<byte> plane = strip.AsSpan((int)(line * lineBytes), lineBytes);
            Interleaving.Scatter(plane, pixels, channel, Shape.Channels, Shape.ElementSize);
        }

        pixelsRow = row;
    }

    private void ReadStrip(long top)
    {
        long rows = Math.Min(stripRows, Shape.Height - top);
        Box box = array.Info.Shape.Count == 3
            ? new Box([0, top, 0], [Shape.Channels, rows, Shape.Width])
            : new Box([top, 0], [rows, Shape.Width]);
        stripTop = -1;
        Memory<byte> destination = strip.AsMemory(0, (int)(rows * pixels.Length));
        array.ReadAsync(box, destination, cancellationToken).AsTask().GetAwaiter().GetResult();
        stripTop = top;
        progress?.Report((double)top / Shape.Height);
    }
}
