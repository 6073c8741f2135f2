using System.Buffers.Binary;
using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Storage.Nifti;

/// <summary>Reads the header of a single-file NIfTI, version 1 or 2, in either byte order.</summary>
internal static class NiftiHeaderReader
{
    /// <summary>The most bytes that <see cref="Parse"/> looks at.</summary>
    public const int BytesMax = NiftiFields.Length2;

    /// <summary>Bytes from the start that tell a NIfTI from other files.</summary>
    public const int MagicBytesMax = NiftiFields.Length1;

    private const int Magic1At = 344;
    private const int AxesMax = 7;

    /// <summary>True for the start of a NIfTI of either version, alone or with its elements in a second file.</summary>
    /// <param name="start"><see cref="MagicBytesMax"/> bytes, or what there is.</param>
    public static bool IsNifti(ReadOnlySpan<byte> start) =>
        IsMagic(start, 4, "n+2\0"u8) || IsMagic(start, 4, "ni2\0"u8)
        || IsMagic(start, Magic1At, "n+1\0"u8) || IsMagic(start, Magic1At, "ni1\0"u8);

    /// <summary>Reads the header and checks it against the source's length.</summary>
    /// <param name="name">Names the source in messages.</param>
    /// <exception cref="InvalidArrayException">It is no NIfTI, one of a kind that is not supported, or truncated.</exception>
    public static async ValueTask<NiftiHeader> ReadAsync(IByteSource source, string name, CancellationToken cancellationToken)
    {
        byte[] start = new byte[Math.Min(BytesMax, source.Length)];
        await source.ReadAsync(0, start, cancellationToken);
        NiftiHeader header = Parse(start, name);
        if (source.Length - header.DataOffset < header.DataBytes)
        {
            throw new InvalidArrayException(
                $"'{name}' is truncated: shape {header.Shape} of {header.StoredType.Name()} from byte {header.DataOffset} on needs "
                + $"{header.DataBytes} bytes and the file has {source.Length}.",
                "write or copy it again");
        }

        return header;
    }

    /// <param name="start">The first bytes of the file, up to <see cref="BytesMax"/>.</param>
    /// <inheritdoc cref="ReadAsync"/>
    public static NiftiHeader Parse(byte[] start, string name)
    {
        NiftiFields fields = Find(start, name);
        int axes = (int)Math.Clamp(fields.Integer(NiftiField.Dim), 0, AxesMax + 1);
        if (axes is < 1 or > AxesMax)
            throw new InvalidArrayException($"The NIfTI header of '{name}' has {fields.Integer(NiftiField.Dim)} axes; there are 1 to 7.");
        long Extent(int axis) => axis <= axes ? fields.Integer(NiftiField.Dim, axis) : 1;
        long[] extents = [.. Enumerable.Range(1, AxesMax).Select(Extent)];
        if (Array.Exists(extents, extent => extent < 1))
        {
            throw new InvalidArrayException(
                $"The NIfTI header of '{name}' has the extents {string.Join(" x ", extents)}; each must be 1 or more.");
        }

        if (extents[5] > 1 || extents[6] > 1)
        {
            throw new InvalidArrayException(
                $"'{name}' has more than five axes ({string.Join(" x ", extents)}), which is not supported.",
                "save its parts as files of their own");
        }

        NiftiHeader header = new()
        {
            Version = fields.Version,
            BigEndian = fields.BigEndian,
            StoredType = NiftiTypes.Parse(fields.Integer(NiftiField.DataType), name),
            Space = Dims.Build(Math.Min(axes, 3), axis => extents[Math.Min(axes, 3) - 1 - axis]),
            Batch = extents[3],
            Channels = extents[4],
            DataOffset = DataOffset(fields, name),
            Scaling = Scaling(fields, name),
            Place = NiftiSpace.Read(fields, Math.Min(axes, 3)),
        };
        return CheckSize(header, name);
    }

    private static bool IsMagic(ReadOnlySpan<byte> start, int at, ReadOnlySpan<byte> magic) =>
        start.Length >= at + magic.Length && start[at..].StartsWith(magic);

    /// <summary>The header, whose length tells its version and byte order.</summary>
    private static NiftiFields Find(byte[] start, string name)
    {
        int size = start.Length >= sizeof(int) ? BinaryPrimitives.ReadInt32LittleEndian(start) : 0;
        int turned = BinaryPrimitives.ReverseEndianness(size);
        bool bigEndian = turned is NiftiFields.Length1 or NiftiFields.Length2;
        int length = bigEndian ? turned : size;
        if (length is not (NiftiFields.Length1 or NiftiFields.Length2) || start.Length < length)
        {
            throw new InvalidArrayException(
                $"'{name}' is not a NIfTI file: it does not begin with a header of 348 or 540 bytes.", "save it as .nii again");
        }

        int version = length == NiftiFields.Length1 ? 1 : 2;
        int at = version == 1 ? Magic1At : 4;
        if (IsMagic(start, at, version == 1 ? "ni1\0"u8 : "ni2\0"u8))
        {
            throw new InvalidArrayException(
                $"'{name}' is the header of a NIfTI pair (.hdr and .img), which is not supported.", "save it as a single .nii");
        }

        return IsMagic(start, at, version == 1 ? "n+1\0"u8 : "n+2\0"u8)
            ? new NiftiFields(start, version, bigEndian)
            : throw new InvalidArrayException(
                $"'{name}' has the header of an Analyze image, or a damaged one: NIfTI's magic bytes are missing.",
                "save it as a single .nii");
    }

    private static long DataOffset(NiftiFields fields, string name)
    {
        // Four bytes behind the header say whether extensions follow. Some writers leave the offset out where none do.
        int least = (fields.Version == 1 ? NiftiFields.Length1 : NiftiFields.Length2) + 4;
        long offset = fields.Integer(NiftiField.DataOffset);
        return offset == 0 || offset >= least
            ? Math.Max(offset, least)
            : throw new InvalidArrayException(
                $"The NIfTI header of '{name}' says that elements begin at byte {fields.Real(NiftiField.DataOffset)}, inside the header.");
    }

    /// <summary>A slope of 0, or none, means that there is no scale; then the intercept means nothing either.</summary>
    private static NiftiScaling? Scaling(NiftiFields fields, string name)
    {
        double slope = fields.Real(NiftiField.Slope);
        double intercept = fields.Real(NiftiField.Intercept);
        if (slope == 0 || !double.IsFinite(slope) || (slope == 1 && intercept == 0))
            return null;
        return double.IsFinite(intercept)
            ? new NiftiScaling(slope, intercept)
            : throw new InvalidArrayException($"The NIfTI header of '{name}' has the slope {slope} with the intercept {intercept}.");
    }

    private static NiftiHeader CheckSize(NiftiHeader header, string name)
    {
        try
        {
            _ = checked((header.Shape.Volume * header.Type.Size()) + header.DataBytes + header.DataOffset);
            return header;
        }
        catch (OverflowException overflow)
        {
            throw new InvalidArrayException(
                $"The shape {header.Shape} of '{name}' has more bytes than 64 bits can count.", null, overflow);
        }
    }
}
