using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Upweave.Tests;

/// <summary>
/// A second, plain reading of tiled TIFF files, by TIFF 6.0 and the BigTIFF notes: directories one after the other, every value by its
/// number, tiles inflated and summed element by element. Fails where two things in the file overlap.
/// </summary>
internal sealed class PlainTiff
{
    private readonly byte[] file;
    private readonly long baseOffset;
    private readonly List<(long Start, long End)> used = [];

    /// <param name="baseOffset">Where <paramref name="file"/> lies, if it is only the end of a file; tiles are not looked at then.</param>
    public PlainTiff(byte[] file, byte[]? head = null, long baseOffset = 0)
    {
        this.file = file;
        this.baseOffset = baseOffset;
        head ??= file[..16];
        Assert.Equal("II", Encoding.ASCII.GetString(head, 0, 2));
        IsBig = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(2)) == 43;
        Assert.True(IsBig || BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(2)) == 42);
        if (IsBig)
            Assert.Equal(8u, BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4)));
        used.Add((0, IsBig ? 16 : 8));
        long next = IsBig ? BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(8)) : BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4));
        while (next != 0)
        {
            Assert.Equal(0, next % 2);
            next = ReadDirectory(next);
        }
    }

    public bool IsBig { get; }

    public List<SortedDictionary<int, double[]>> Pages { get; } = [];

    /// <summary>The text of a page's ASCII field; null when it has none.</summary>
    public string? Text(int page, int tag) => Pages[page].TryGetValue(tag, out double[]? values)
        ? Encoding.ASCII.GetString([.. values.SkipLast(1).Select(value => (byte)value)])
        : null;

    public long Number(int page, int tag) => (long)Assert.Single(Pages[page][tag]);

    /// <summary>The elements of all pages, one after the other: of pages in C order, and of one sample each or one page, the array's.</summary>
    public byte[] Elements() => [.. Enumerable.Range(0, Pages.Count).SelectMany(Elements)];

    /// <summary>A page's elements, samples first, then rows, then columns.</summary>
    public byte[] Elements(int page)
    {
        (int width, int height, int samples) = ((int)Number(page, 256), (int)Number(page, 257), (int)Number(page, 277));
        (int tileWidth, int tileHeight) = ((int)Number(page, 322), (int)Number(page, 323));
        Assert.Equal((0, 0), (tileWidth % 16, tileHeight % 16));
        Assert.Equal(samples, Pages[page][258].Length);
        int size = (int)Pages[page][258][0] / 8;
        bool isPlanar = Number(page, 284) == 2;
        int inTile = isPlanar ? 1 : samples;
        int columns = (width + tileWidth - 1) / tileWidth;
        int rows = (height + tileHeight - 1) / tileHeight;
        double[] offsets = Pages[page][324];
        double[] sizes = Pages[page][325];
        Assert.Equal(columns * rows * (isPlanar ? samples : 1), offsets.Length);
        Assert.Equal(offsets.Length, sizes.Length);
        byte[] elements = new byte[samples * height * width * size];
        for (int tile = 0; tile < offsets.Length; tile++)
        {
            byte[] raw = Tile(page, (long)offsets[tile], (int)sizes[tile], tileWidth * inTile, tileHeight, inTile, size);
            int plane = tile / (columns * rows);
            int top = tile % (columns * rows) / columns * tileHeight;
            int left = tile % columns * tileWidth;
            for (int y = 0; y < tileHeight && top + y < height; y++)
            {
                for (int x = 0; x < tileWidth && left + x < width; x++)
                {
                    for (int sample = 0; sample < inTile; sample++)
                    {
                        int from = ((((y * tileWidth) + x) * inTile) + sample) * size;
                        int to = (((((plane + sample) * height) + top + y) * width) + left + x) * size;
                        raw.AsSpan(from, size).CopyTo(elements.AsSpan(to));
                    }
                }
            }
        }

        return elements;
    }

    /// <summary>Nothing overlaps, among what has been read.</summary>
    public void CheckPlaces()
    {
        used.Sort();
        for (int part = 1; part < used.Count; part++)
        {
            Assert.True(used[part].Start >= used[part - 1].End, $"{used[part - 1]} and {used[part]} overlap.");
        }

        Assert.True(used[^1].End <= baseOffset + file.Length);
    }

    private byte[] Tile(int page, long offset, int bytes, int rowLength, int rows, int samples, int size)
    {
        used.Add((offset, offset + bytes));
        Assert.Equal(8, Number(page, 259));
        byte[] raw = new byte[rowLength * rows * size];
        using MemoryStream stored = new(file, (int)offset, bytes);
        using ZLibStream inflate = new(stored, CompressionMode.Decompress);
        inflate.ReadExactly(raw);
        Assert.Equal(-1, inflate.ReadByte());
        if (!Pages[page].ContainsKey(317))
            return raw;
        Assert.Equal(2, Number(page, 317));
        for (int at = 0; at < raw.Length / size; at++)
        {
            if (at % rowLength < samples)
                continue;
            ulong sum = Element(raw, at, size) + Element(raw, at - samples, size);
            for (int digit = 0; digit < size; digit++)
            {
                raw[(at * size) + digit] = (byte)(sum >> (8 * digit));
            }
        }

        return raw;
    }

    private static ulong Element(byte[] raw, int at, int size)
    {
        ulong value = 0;
        for (int digit = size - 1; digit >= 0; digit--)
        {
            value = (value << 8) | raw[(at * size) + digit];
        }

        return value;
    }

    private long ReadDirectory(long start)
    {
        SortedDictionary<int, double[]> fields = [];
        (int countBytes, int entryBytes, int offsetBytes) = IsBig ? (8, 20, 8) : (2, 12, 4);
        int count = (int)Integer(start, countBytes);
        int before = 0;
        for (int entry = 0; entry < count; entry++)
        {
            long at = start + countBytes + (entry * entryBytes);
            int tag = (int)Integer(at, 2);
            Assert.True(tag > before, $"{tag} after {before}");
            before = tag;
            int type = (int)Integer(at + 2, 2);
            long values = Integer(at + 4, offsetBytes);
            int size = type switch { 1 or 2 => 1, 3 => 2, 4 => 4, 5 or 12 or 16 => 8, _ => throw new InvalidDataException($"type {type}") };
            long place = at + 4 + offsetBytes;
            if (values * size > offsetBytes)
            {
                place = Integer(place, offsetBytes);
                Assert.Equal(0, place % 2);
                used.Add((place, place + (values * size)));
            }

            fields[tag] = [.. Enumerable.Range(0, (int)values).Select(index => Value(place + (index * size), type, size))];
        }

        long end = start + countBytes + (count * entryBytes);
        used.Add((start, end + offsetBytes));
        Pages.Add(fields);
        return Integer(end, offsetBytes);
    }

    private double Value(long place, int type, int size) => type switch
    {
        5 => (double)Integer(place, 4) / Integer(place + 4, 4),
        12 => BitConverter.Int64BitsToDouble(Integer(place, 8)),
        _ => Integer(place, size),
    };

    private long Integer(long place, int bytes)
    {
        long value = 0;
        for (int digit = bytes - 1; digit >= 0; digit--)
        {
            value = (value << 8) | file[place - baseOffset + digit];
        }

        return value;
    }
}
