using System.IO.Compression;
using Upweave.Storage.Arrays;
using Upweave.Storage.Zarr;

namespace Upweave.Storage.Tiff;

/// <summary>Turns a tile's stored bytes into elements: rows of pixels, little-endian, black at 0.</summary>
internal sealed class TiffDecoder(TiffLayout layout, bool bigEndian)
{
    /// <summary>Decodes one tile.</summary>
    /// <param name="stored">Its bytes, and how many of them.</param>
    /// <param name="rows">Rows that the tile has of the picture.</param>
    /// <param name="destination">Room for these rows, or for a whole tile.</param>
    /// <param name="name">Names the tile in messages.</param>
    /// <exception cref="CorruptDataException">It does not decode, or to more or fewer rows.</exception>
    public void Decode(
        byte[] stored, int start, int count, byte[]? jpegTables, int rows, Span<byte> destination, string name)
    {
        int expected = checked((int)(rows * layout.RowBytes));
        ReadOnlySpan<byte> content = stored.AsSpan(start, count);
        int decoded;
        try
        {
            decoded = layout.Compression switch
            {
                TiffCompression.Lzw => TiffLzw.Decode(content, destination),
                TiffCompression.PackBits => TiffPackBits.Decode(content, destination),
                TiffCompression.Zstd => ZstdPool.Decompress(content, destination, name),
                TiffCompression.Deflate => Inflate(stored, start, count, destination),
                TiffCompression.Jpeg => TiffJpeg.Decode(jpegTables, content, layout, rows, destination),
                _ => Copy(content, destination[..expected]),
            };
        }
        catch (Exception malformed) when (malformed is InvalidDataException or IOException)
        {
            throw new CorruptDataException($"{name} cannot be decoded: {malformed.Message}.", malformed);
        }

        // Some writers encode the last strip with all the rows of the others.
        if (decoded != expected && decoded != layout.TileBytes)
        {
            throw new CorruptDataException(
                $"{name} has {(decoded < 0 ? "other or more" : decoded)} bytes, decoded, where its shape has {expected}.");
        }

        Finish(destination[..expected]);
    }

    private void Finish(Span<byte> elements)
    {
        int elementBytes = layout.Type.Size();
        if (layout.Predictor == 3)
            TiffPredictors.AddBytes(elements, (int)layout.RowBytes, layout.TileSamples, elementBytes);
        else if (bigEndian)
            ByteOrder.Reverse(elements, elementBytes);
        if (layout.Predictor == 2)
            TiffPredictors.AddNeighbours(elements, (int)layout.RowBytes, layout.TileSamples, elementBytes);
        if (!layout.IsInverted)
            return;
        foreach (ref byte part in elements)
        {
            part = (byte)~part; // of an unsigned integer, the largest less itself
        }
    }

    /// <summary>Padding behind what is not compressed is no harm.</summary>
    private static int Copy(ReadOnlySpan<byte> content, Span<byte> destination)
    {
        int count = Math.Min(content.Length, destination.Length);
        content[..count].CopyTo(destination);
        return count;
    }

    private static int Inflate(byte[] stored, int start, int count, Span<byte> destination)
    {
        using MemoryStream compressed = new(stored, start, count);
        using ZLibStream inflated = new(compressed, CompressionMode.Decompress);
        int length = inflated.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        return length == destination.Length && inflated.ReadByte() >= 0 ? -1 : length;
    }
}
