using System.Buffers.Binary;

namespace Upweave.Storage.Pictures;

/// <summary>
/// The head of an uncompressed BigTIFF (https://www.awaresystems.be/imaging/tiff/bigtiff.html): everything before the
/// bytes of the image, which follow row by row.
/// </summary>
internal static class RawTiffHeader
{
    private const long StripBytes = 128 << 10;
    private const int EntryCount = 9;
    private const int DirectoryOffset = 16;
    private const int DirectoryBytes = 8 + (EntryCount * 20) + 8;
    private const ushort Long8 = 16;

    /// <summary>The head for rows of 8-bit grey.</summary>
    /// <param name="rowBytes">Width of the image.</param>
    public static byte[] Build(int rowBytes, long height)
    {
        long rowsPerStrip = Math.Clamp(StripBytes / rowBytes, 1, height);
        int strips = checked((int)((height + rowsPerStrip - 1) / rowsPerStrip));
        int arrays = DirectoryOffset + DirectoryBytes;
        byte[] head = new byte[checked(arrays + (2 * 8 * strips))];
        WriteStart(head);
        int at = DirectoryOffset + 8;
        WriteEntry(head, ref at, 256, 1, rowBytes); // ImageWidth
        WriteEntry(head, ref at, 257, 1, height); // ImageLength
        WriteEntry(head, ref at, 258, 1, 8); // BitsPerSample
        WriteEntry(head, ref at, 259, 1, 1); // Compression: none
        WriteEntry(head, ref at, 262, 1, 1); // PhotometricInterpretation: 0 is black
        long stripBytes = rowsPerStrip * rowBytes;
        long lastBytes = (height * rowBytes) - ((strips - 1) * stripBytes);
        WriteEntry(head, ref at, 273, strips, strips == 1 ? head.Length : arrays); // StripOffsets
        WriteEntry(head, ref at, 277, 1, 1); // SamplesPerPixel
        WriteEntry(head, ref at, 278, 1, rowsPerStrip); // RowsPerStrip
        WriteEntry(head, ref at, 279, strips, strips == 1 ? lastBytes : arrays + (8L * strips)); // StripByteCounts
        for (int strip = 0; strip < strips; strip++)
        {
            WriteNumber(head, arrays + (8 * strip), head.Length + (strip * stripBytes));
            WriteNumber(head, arrays + (8 * (strips + strip)), strip == strips - 1 ? lastBytes : stripBytes);
        }

        return head;
    }

    private static void WriteStart(byte[] head)
    {
        "II+\0"u8.CopyTo(head);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(4), 8);
        WriteNumber(head, 8, DirectoryOffset);
        WriteNumber(head, DirectoryOffset, EntryCount);
    }

    // A single number stands in the entry itself; several stand where it points.
    private static void WriteEntry(byte[] head, ref int at, ushort tag, long count, long value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(at), tag);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(at + 2), Long8);
        WriteNumber(head, at + 4, count);
        WriteNumber(head, at + 12, value);
        at += 20;
    }

    private static void WriteNumber(byte[] head, int at, long value) =>
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(at), value);
}
