using System.Buffers.Binary;
using NetVips;
using Upweave.Storage.Pictures;

namespace Upweave.Storage.Tiff;

/// <summary>
/// Decodes JPEG tiles with libvips's libjpeg, which is what reads them in a TIFF elsewhere. A tile and the tables that all tiles share
/// (Adobe's TIFF Technical Note 2) are put together into one stream, with an Adobe marker that says whether its colours are YCbCr:
/// in the tile alone nothing does.
/// </summary>
internal static class TiffJpeg
{
    private const byte StartOfImage = 0xD8, EndOfImage = 0xD9, StartOfScan = 0xDA, App0 = 0xE0, App14 = 0xEE;

    /// <summary>Decodes a tile: rows of pixels, each all its channels.</summary>
    /// <param name="destination">Gets <paramref name="rows"/> rows, or more where it has room and the tile has them.</param>
    /// <returns>Bytes written; -1 when the picture in the tile does not have these pixels.</returns>
    /// <exception cref="InvalidDataException">It is no JPEG, or a damaged one.</exception>
    public static int Decode(
        ReadOnlySpan<byte> tables, ReadOnlySpan<byte> tile, TiffLayout layout, int rows, Span<byte> destination)
    {
        byte[] stream = Join(tables, tile, layout.IsYCbCr);
        VipsRuntime.Start();
        try
        {
            using Image image = Image.JpegloadBuffer(stream, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error);
            bool fits = image.Width == layout.TileWidth && image.Bands == layout.TileSamples
                && image.Format == Enums.BandFormat.Uchar && (image.Height == rows || image.Height == layout.TileHeight);
            if (!fits)
                return -1;
            using Region region = Region.New(image);
            byte[] pixels = region.Fetch(0, 0, image.Width, rows);
            pixels.CopyTo(destination);
            return pixels.Length;
        }
        catch (VipsException error)
        {
            throw new InvalidDataException(VipsErrors.Reason(error), error);
        }
    }

    /// <summary>One stream: a start, Adobe's marker, the tables, the tile.</summary>
    private static byte[] Join(ReadOnlySpan<byte> tables, ReadOnlySpan<byte> tile, bool isYCbCr)
    {
        MemoryStream stream = new(tables.Length + tile.Length + 32);
        stream.Write([0xFF, StartOfImage]);
        // Length, "Adobe", version 100, two fields of flags, and the transform: 0 none, 1 YCbCr.
        stream.Write([0xFF, App14, 0, 14, .. "Adobe"u8, 0, 100, 0, 0, 0, 0, (byte)(isYCbCr ? 1 : 0)]);
        if (tables.Length > 0)
            CopySegments(tables, stream);
        CopySegments(tile, stream);
        return stream.ToArray();
    }

    /// <summary>Copies all between the start and the end of an image, but for markers that say something of its colours.</summary>
    private static void CopySegments(ReadOnlySpan<byte> source, MemoryStream stream)
    {
        if (!source.StartsWith((ReadOnlySpan<byte>)[0xFF, StartOfImage]))
            throw new InvalidDataException("a JPEG does not begin as one");
        for (int at = 2; at + 4 <= source.Length;)
        {
            byte marker = source[at + 1];
            if (source[at] != 0xFF)
                throw new InvalidDataException($"a JPEG has no marker at byte {at}");
            if (marker == 0xFF)
            {
                at++; // a filler
                continue;
            }

            if (marker == EndOfImage)
                return;
            if (marker == StartOfScan)
            {
                stream.Write(source[at..]);
                return;
            }

            int length = 2 + BinaryPrimitives.ReadUInt16BigEndian(source[(at + 2)..]);
            if (length < 4 || length > source.Length - at)
                throw new InvalidDataException($"a JPEG's marker at byte {at} is longer than what is left");
            if (marker is not (App0 or App14))
                stream.Write(source.Slice(at, length));
            at += length;
        }
    }
}
