using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Upweave.Storage.Tests.Pictures;

/// <summary>PNG files written and read byte by byte after the specification, without libvips.</summary>
internal static class PngBytes
{
    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    /// <summary>A file of unfiltered rows.</summary>
    /// <param name="colour">0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA.</param>
    /// <param name="rows">Bytes of all rows, most significant first.</param>
    public static byte[] Write(int width, int height, int bits, int colour, byte[] rows, byte[]? palette = null)
    {
        MemoryStream file = new();
        file.Write(Signature);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = (byte)bits;
        header[9] = (byte)colour;
        WriteChunk(file, "IHDR"u8, header);
        if (palette is not null)
            WriteChunk(file, "PLTE"u8, palette);
        MemoryStream data = new();
        using (ZLibStream deflate = new(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            int rowBytes = rows.Length / height;
            for (int row = 0; row < height && rowBytes > 0; row++)
            {
                deflate.WriteByte(0);
                deflate.Write(rows, row * rowBytes, rowBytes);
            }
        }

        WriteChunk(file, "IDAT"u8, data.ToArray());
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    /// <summary>Reads a file whose rows have the filters None and Up only.</summary>
    public static (int Width, int Height, int Bits, int Colour, byte[] Rows) Read(byte[] file)
    {
        Assert.Equal(Signature, file[..8]);
        MemoryStream data = new();
        byte[] header = [];
        for (int at = 8; at < file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            ReadOnlySpan<byte> name = file.AsSpan(at + 4, 4);
            if (name.SequenceEqual("IHDR"u8))
                header = file[(at + 8)..(at + 8 + length)];
            if (name.SequenceEqual("IDAT"u8))
                data.Write(file, at + 8, length);
            at += 12 + length;
        }

        int width = BinaryPrimitives.ReadInt32BigEndian(header);
        int height = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4));
        int channels = header[9] switch { 0 => 1, 4 => 2, 2 => 3, _ => 4 };
        data.Position = 0;
        return (width, height, header[8], header[9], Unfilter(data, width * channels * header[8] / 8, height));
    }

    private static byte[] Unfilter(Stream data, int rowBytes, int height)
    {
        using ZLibStream inflate = new(data, CompressionMode.Decompress);
        byte[] rows = new byte[rowBytes * height];
        for (int row = 0; row < height; row++)
        {
            int filter = inflate.ReadByte();
            Assert.True(filter is 0 or 2, $"Filter {filter} is not expected.");
            Span<byte> line = rows.AsSpan(row * rowBytes, rowBytes);
            inflate.ReadExactly(line);
            for (int at = 0; filter == 2 && row > 0 && at < rowBytes; at++)
            {
                line[at] += rows[((row - 1) * rowBytes) + at];
            }
        }

        return rows;
    }

    private static void WriteChunk(Stream file, ReadOnlySpan<byte> name, byte[] content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        byte[] body = [.. name, .. content];
        file.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.HashToUInt32(body));
        file.Write(number);
    }
}
