using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Storage.Npy;

/// <summary>
/// The header of an .npy, versions 1 to 3, as numpy.lib.format documents it: the bytes 93 'NUMPY', two of version, the
/// header's length (2 bytes in version 1, else 4), and a Python dictionary with <c>descr</c>, <c>fortran_order</c> and
/// <c>shape</c>, padded with spaces so that the elements begin at a multiple of 64.
/// </summary>
/// <param name="DataOffset">Where the elements begin, in bytes.</param>
internal sealed record NpyHeader(ElementType Type, bool BigEndian, bool FortranOrder, Dims Shape, long DataOffset)
{
    private const int LengthMax = 64 << 10;
    private const int Alignment = 64;

    /// <summary>numpy's own limit.</summary>
    private const int RankMax = 64;

    public static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Size of header and elements in bytes.</summary>
    public long FileLength => checked(DataOffset + (Shape.Volume * Type.Size()));

    /// <summary>Reads the header and checks it against the source's length.</summary>
    /// <param name="name">Names the source in messages.</param>
    /// <exception cref="InvalidArrayException">It is no .npy, one of a kind that is not supported, or truncated.</exception>
    public static async ValueTask<NpyHeader> ReadAsync(IByteSource source, string name, CancellationToken cancellationToken)
    {
        byte[] start = await ReadStartAsync(source, 12, cancellationToken);
        if (start.Length < 12 || !start.AsSpan().StartsWith(Magic))
        {
            throw new InvalidArrayException(
                $"'{name}' is not an .npy file: it does not begin with its magic bytes.", "convert it to .npy, .npz, .zarr or a picture");
        }

        if (start[6] is < 1 or > 3)
            throw new InvalidArrayException($"'{name}' is an .npy file of version {start[6]}; versions 1 to 3 are supported.");
        int lengthBytes = start[6] == 1 ? 2 : 4;
        long length = lengthBytes == 2
            ? BinaryPrimitives.ReadUInt16LittleEndian(start.AsSpan(8))
            : BinaryPrimitives.ReadUInt32LittleEndian(start.AsSpan(8));
        long dataOffset = 8 + lengthBytes + length;
        if (length > LengthMax)
            throw new InvalidArrayException($"The .npy header of '{name}' claims {length} bytes; at most {LengthMax} are read.");
        if (dataOffset > source.Length)
            throw new InvalidArrayException($"'{name}' is truncated: its header needs {dataOffset} bytes and it has {source.Length}.");
        byte[] bytes = await ReadStartAsync(source, dataOffset, cancellationToken);
        Encoding encoding = start[6] == 3 ? Encoding.UTF8 : Encoding.Latin1;
        NpyHeader header = Parse(encoding.GetString(bytes.AsSpan(8 + lengthBytes)), dataOffset, name);
        return header.CheckLength(source.Length, name);
    }

    /// <summary>The header, version 1.0, of a C-order array in little-endian order.</summary>
    public static byte[] Write(ElementType type, Dims shape)
    {
        string extents = string.Join(", ", shape.Select(extent => extent.ToString(CultureInfo.InvariantCulture)));
        string comma = shape.Count == 1 ? "," : "";
        string text = $"{{'descr': '{NpyType.Format(type)}', 'fortran_order': False, 'shape': ({extents}{comma}), }}";
        int total = (10 + text.Length + 1 + Alignment - 1) / Alignment * Alignment;
        byte[] header = new byte[total];
        header.AsSpan().Fill((byte)' ');
        Magic.CopyTo(header);
        header[6] = 1;
        header[7] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), checked((ushort)(total - 10)));
        Encoding.ASCII.GetBytes(text, header.AsSpan(10));
        header[^1] = (byte)'\n';
        return header;
    }

    private static async ValueTask<byte[]> ReadStartAsync(IByteSource source, long length, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[Math.Min(length, source.Length)];
        await source.ReadAsync(0, bytes, cancellationToken);
        return bytes;
    }

    private static NpyHeader Parse(string text, long dataOffset, string name)
    {
        object? literal;
        try
        {
            literal = PythonLiteral.Parse(text);
        }
        catch (FormatException malformed)
        {
            throw new InvalidArrayException($"The .npy header of '{name}' is malformed: {malformed.Message}.", null, malformed);
        }

        if (literal is not Dictionary<string, object?> entries
            || !entries.TryGetValue("descr", out object? descr)
            || !entries.TryGetValue("fortran_order", out object? order) || order is not bool fortranOrder
            || !entries.TryGetValue("shape", out object? shape) || shape is not List<object?> extents)
        {
            throw new InvalidArrayException(
                $"The .npy header of '{name}' must be a dictionary of 'descr', 'fortran_order' (a bool) and 'shape' (a tuple).");
        }

        (ElementType type, bool bigEndian) = NpyType.Parse(descr, name);
        return new NpyHeader(type, bigEndian, fortranOrder, ParseShape(extents, name), dataOffset);
    }

    private static Dims ParseShape(List<object?> extents, string name)
    {
        if (extents.Count > RankMax)
            throw new InvalidArrayException($"'{name}' has {extents.Count} axes; at most {RankMax} are supported.");
        if (extents.FirstOrDefault(extent => extent is not long or < 0L) is { } bad)
            throw new InvalidArrayException($"The .npy header of '{name}' has '{bad}' in its shape.");
        if (extents.Any(extent => extent is null))
            throw new InvalidArrayException($"The .npy header of '{name}' has 'None' in its shape.");
        return extents.Any(extent => extent is 0L)
            ? throw new InvalidArrayException($"'{name}' has no elements: an extent of its shape is 0.")
            : Dims.Build(extents.Count, axis => (long)extents[axis]!);
    }

    private NpyHeader CheckLength(long length, string name)
    {
        long expected;
        try
        {
            expected = FileLength;
        }
        catch (OverflowException overflow)
        {
            throw new InvalidArrayException($"The shape {Shape} of '{name}' has more bytes than 64 bits can count.", null, overflow);
        }

        return length >= expected
            ? this
            : throw new InvalidArrayException(
                $"'{name}' is truncated: shape {Shape} of {Type.Name()} needs {expected} bytes and it has {length}.",
                "write or copy it again");
    }
}
