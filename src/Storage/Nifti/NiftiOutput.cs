using System.Buffers.Binary;
using System.Text;
using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Storage.Nifti;

/// <summary>
/// Outputs as single-file NIfTI: version 1 where every extent fits its 16 bits, else version 2. Channels are the fifth axis (u) and a
/// batch is the fourth (t). What made the output is kept in an extension of comments.
/// </summary>
public static class NiftiOutput
{
    private const long Extent1Max = short.MaxValue;
    private const int ExtensionAlignment = 16;

    /// <summary>NIFTI_ECODE_COMMENT: plain text.</summary>
    private const int CommentCode = 6;

    /// <summary>In the order of NIfTI's axes, of which the first is stored fastest.</summary>
    private const string Letters = "xyznc";

    /// <summary>Everything that keeps an array from being a NIfTI, each with a hint; empty when nothing does.</summary>
    /// <param name="axes">One letter per axis; null where unknown: space after channels after batch.</param>
    public static IReadOnlyList<string> Check(string path, Dims shape, ElementType type, string? axes)
    {
        List<string> problems = [];
        if (NiftiTypes.CodeOf(type) is null)
        {
            problems.Add($"{path}: NIfTI holds {NiftiTypes.AllNames}, not {type.Name()}. "
                + "hint: choose one of them (--dtype), or write .npy or .zarr");
        }

        if (shape.Count > Letters.Length || axes?.All(letter => Letters.Contains(letter, StringComparison.Ordinal)) == false)
        {
            problems.Add($"{path}: NIfTI holds 1 to 3 axes of space, channels and a batch, not {axes ?? $"{shape.Count} axes"}. "
                + "hint: write .npy or .zarr");
        }

        return problems;
    }

    internal static LinearFormat Format(OutputLayout layout)
    {
        string axes = layout.Axes ?? AxesOf(layout.Shape.Count);
        IEnumerable<int> order = Enumerable.Range(0, axes.Length)
            .OrderByDescending(axis => Letters.IndexOf(axes[axis], StringComparison.Ordinal));
        return new LinearFormat(Header(layout, axes), [.. order]);
    }

    private static string AxesOf(int rank) => "nczyx"[^Math.Min(rank, Letters.Length)..];

    private static byte[] Header(OutputLayout layout, string axes)
    {
        int version = layout.Shape.All(extent => extent <= Extent1Max) ? 1 : 2;
        int size = version == 1 ? NiftiFields.Length1 : NiftiFields.Length2;
        byte[] extension = Extension(layout.Provenance);
        byte[] header = new byte[size + extension.Length];
        NiftiFields fields = new(header, version, bigEndian: false);
        fields.Set(NiftiField.HeaderSize, size);
        (version == 1 ? "n+1\0"u8 : "n+2\0\r\n\u001a\n"u8).CopyTo(header.AsSpan(version == 1 ? 344 : 4));
        int code = NiftiTypes.CodeOf(layout.Type)
            ?? throw new ArgumentException($"NIfTI has no elements of {layout.Type.Name()}.", nameof(layout));
        fields.Set(NiftiField.DataType, code);
        fields.Set(NiftiField.BitsPerElement, 8 * layout.Type.Size());
        fields.SetReal(NiftiField.Slope, 1);
        fields.Set(NiftiField.DataOffset, header.Length);
        int count = 0;
        for (int axis = 1; axis <= 7; axis++)
        {
            int place = axis <= Letters.Length ? axes.IndexOf(Letters[axis - 1], StringComparison.Ordinal) : -1;
            long extent = place < 0 ? 1 : layout.Shape[place];
            fields.Set(NiftiField.Dim, extent, axis);
            fields.SetReal(NiftiField.PixDim, 1, axis);
            if (extent > 1 || (place >= 0 && axis <= 3))
                count = axis;
        }

        fields.Set(NiftiField.Dim, count);
        fields.SetReal(NiftiField.PixDim, 1);
        if (layout.Space is { } space && space.Axes.All(letter => axes.Contains(letter, StringComparison.Ordinal)))
            NiftiSpace.Write(fields, space);
        extension.CopyTo(header.AsSpan(size));
        return header;
    }

    /// <summary>Four bytes that say whether there is an extension, its size and code, the text, and padding (nifti1.h).</summary>
    private static byte[] Extension(string? text)
    {
        if (text is null)
            return new byte[4];
        byte[] content = Encoding.UTF8.GetBytes(text);
        int size = (int)IntegerMath.RoundUp(8L + content.Length, ExtensionAlignment);
        byte[] extension = new byte[4 + size];
        extension[0] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(extension.AsSpan(4), size);
        BinaryPrimitives.WriteInt32LittleEndian(extension.AsSpan(8), CommentCode);
        content.CopyTo(extension.AsSpan(12));
        return extension;
    }
}
