namespace Upweave.Storage.Tests.Pictures;

/// <summary>
/// Small uncompressed grey TIFF files, written byte by byte after the specification, without libvips.
/// </summary>
internal static class TiffBytes
{
    /// <summary>A little-endian file of one strip.</summary>
    /// <param name="sampleFormat">1 unsigned, 2 signed, 3 floating point.</param>
    /// <param name="orientation">Tag 274.</param>
    /// <param name="pages">How often the directory is repeated.</param>
    public static byte[] Write(
        int width, int height, int bits, int sampleFormat, byte[] rows, int orientation = 1, int pages = 1)
    {
        (ushort Tag, int Value)[] entries =
        [
            (256, width), (257, height), (258, bits), (259, 1), (262, 1), (273, 8), (274, orientation), (277, 1),
            (278, height), (279, rows.Length), (339, sampleFormat),
        ];
        int directoryBytes = 2 + (12 * entries.Length) + 4;
        MemoryStream file = new();
        BinaryWriter writer = new(file);
        writer.Write("II*\0"u8);
        writer.Write(8 + rows.Length);
        writer.Write(rows);
        for (int page = 1; page <= pages; page++)
        {
            writer.Write((ushort)entries.Length);
            foreach ((ushort tag, int value) in entries)
            {
                writer.Write(tag);
                writer.Write((ushort)4);
                writer.Write(1);
                writer.Write(value);
            }

            writer.Write(page == pages ? 0 : (int)file.Position + 4);
        }

        Assert.Equal(8 + rows.Length + (pages * directoryBytes), file.Length);
        return file.ToArray();
    }
}
