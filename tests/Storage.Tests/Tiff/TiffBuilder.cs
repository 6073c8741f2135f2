using System.Buffers.Binary;
using System.Text;

namespace Upweave.Storage.Tests.Tiff;

/// <summary>Classic little-endian TIFF files, field by field after the specification: right ones, and all kinds of wrong ones.</summary>
internal sealed class TiffBuilder
{
    private const ushort Ascii = 2, Long = 4, Double = 12;
    private readonly List<byte> file = [.. "II*\0"u8, 0, 0, 0, 0];
    private readonly SortedDictionary<ushort, (ushort Type, int Count, byte[] Values)> fields = [];
    private int next = 4;

    /// <summary>A grey page of 8 bits, of which no byte is stored yet.</summary>
    public static TiffBuilder Grey(int width, int height) => new TiffBuilder()
        .With(256, width).With(257, height).With(258, 8).With(259, 1).With(262, 1).With(277, 1).With(278, height);

    /// <summary>Appends bytes, and makes them strips or tiles of the page.</summary>
    public TiffBuilder WithData(bool tiles, params byte[][] parts)
    {
        List<long> offsets = [];
        foreach (byte[] part in parts)
        {
            offsets.Add(file.Count);
            file.AddRange(part);
        }

        return With((ushort)(tiles ? 324 : 273), [.. offsets]).With((ushort)(tiles ? 325 : 279), [.. parts.Select(part => (long)part.Length)]);
    }

    public TiffBuilder With(ushort tag, params long[] values)
    {
        byte[] bytes = new byte[4 * values.Length];
        foreach ((int index, long value) in values.Index())
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4 * index), (uint)value);
        }

        fields[tag] = (Long, values.Length, bytes);
        return this;
    }

    public TiffBuilder With(ushort tag, string text)
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes(text), 0];
        fields[tag] = (Ascii, bytes.Length, bytes);
        return this;
    }

    public TiffBuilder WithDoubles(ushort tag, params double[] values)
    {
        fields[tag] = (Double, values.Length, [.. values.SelectMany(BitConverter.GetBytes)]);
        return this;
    }

    public TiffBuilder Without(ushort tag)
    {
        fields.Remove(tag);
        return this;
    }

    /// <summary>Ends the page; what is set stays for the next one.</summary>
    public TiffBuilder Page()
    {
        int chained = next;
        Apart(out long place);
        next = file.Count - 4;
        Patch(chained, (uint)place);
        return this;
    }

    /// <summary>Writes what is set as a directory that is in no chain.</summary>
    public TiffBuilder Apart(out long place)
    {
        int[] places = [.. fields.Values.Select(field => Place(field.Values))];
        place = file.Count;
        file.AddRange(BitConverter.GetBytes((ushort)fields.Count));
        foreach ((int index, (ushort tag, (ushort type, int count, byte[] values))) in fields.Index())
        {
            file.AddRange(BitConverter.GetBytes(tag));
            file.AddRange(BitConverter.GetBytes(type));
            file.AddRange(BitConverter.GetBytes(count));
            file.AddRange(places[index] > 0 ? BitConverter.GetBytes(places[index]) : [.. values, .. new byte[4 - values.Length]]);
        }

        file.AddRange(new byte[4]);
        return this;
    }

    /// <summary>Makes the last page's next one a page before it.</summary>
    public TiffBuilder NextIs(uint offset)
    {
        Patch(next, offset);
        return this;
    }

    public byte[] ToArray() => file.ToArray();

    private int Place(byte[] values)
    {
        if (values.Length <= 4)
            return 0;
        file.AddRange(values);
        return file.Count - values.Length;
    }

    private void Patch(int place, uint value)
    {
        foreach ((int index, byte part) in BitConverter.GetBytes(value).Index())
        {
            file[place + index] = part;
        }
    }
}
