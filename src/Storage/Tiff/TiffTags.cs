using System.Globalization;
using Upweave.Storage.Arrays;

namespace Upweave.Storage.Tiff;

/// <summary>The fields of a file's directories (TIFF 6.0, GeoTIFF 1.1, OME-TIFF).</summary>
internal sealed class TiffTags
{
    private const ushort MinIsBlack = 1;
    private const ushort Rgb = 2;
    private const ushort AdobeDeflate = 8;
    private const ushort Zstd = 50000;
    private const ushort HorizontalDifferences = 2;
    private const ushort UnassociatedAlpha = 2;

    /// <summary>NewSubfileType: one page of many.</summary>
    private const uint PageOfMany = 2;

    private readonly TiffShape shape;
    private readonly List<TiffEntry> common;
    private readonly TiffEntry? description;
    private readonly Compression compression;

    public TiffTags(TiffShape shape, OutputLayout layout)
    {
        this.shape = shape;
        compression = CompressionOf(layout);
        common = [.. Picture(), .. Resolution(layout.Space), .. GeoTags.Of(layout.Space)];
        string software = $"Upweave {typeof(TiffTags).Assembly.GetName().Version!.ToString(3)}";
        common.Add(TiffEntry.Ascii(305, software));
        string? text = shape.IsOme ? OmeXml.Write(shape, layout, software) : layout.Provenance;
        description = text is null ? null : TiffEntry.Ascii(270, text);
    }

    public static Compression CompressionOf(OutputLayout layout) => layout.Compression ?? Compression.Deflate;

    /// <summary>All fields of a page, ascending by tag.</summary>
    /// <param name="offsets">Where its TIFF tiles lie.</param>
    /// <param name="sizes">Their bytes.</param>
    public List<TiffEntry> OfPage(long page, bool isBig, ReadOnlySpan<long> offsets, ReadOnlySpan<int> sizes)
    {
        List<TiffEntry> fields = [.. common, Offsets(isBig, offsets), Sizes(sizes)];
        if (page == 0 && description is { } text)
            fields.Add(text);
        fields.Sort((left, right) => left.Tag.CompareTo(right.Tag));
        return fields;
    }

    private static TiffEntry Offsets(bool isBig, ReadOnlySpan<long> offsets)
    {
        if (isBig)
            return TiffEntry.Long8s(324, System.Runtime.InteropServices.MemoryMarshal.Cast<long, ulong>(offsets));
        uint[] narrow = new uint[offsets.Length];
        for (int tile = 0; tile < narrow.Length; tile++)
        {
            narrow[tile] = checked((uint)offsets[tile]);
        }

        return TiffEntry.Longs(324, narrow);
    }

    private static TiffEntry Sizes(ReadOnlySpan<int> sizes) =>
        TiffEntry.Longs(325, System.Runtime.InteropServices.MemoryMarshal.Cast<int, uint>(sizes));

    private IEnumerable<TiffEntry> Picture()
    {
        ushort samples = (ushort)shape.Samples;
        ushort[] Each(int value) => [.. Enumerable.Repeat((ushort)value, samples)];
        yield return TiffEntry.Long(254, shape.Pages > 1 && !shape.IsOme ? PageOfMany : 0);
        yield return TiffEntry.Long(256, (uint)shape.Width);
        yield return TiffEntry.Long(257, (uint)shape.Height);
        yield return TiffEntry.Shorts(258, Each(8 * shape.Type.Size()));
        ushort scheme = compression switch
        {
            Compression.None => 1,
            Compression.Zstd => Zstd,
            _ => AdobeDeflate,
        };
        yield return TiffEntry.Shorts(259, scheme);
        yield return TiffEntry.Shorts(262, shape.IsColour ? Rgb : MinIsBlack);
        yield return TiffEntry.Shorts(277, samples);
        yield return TiffEntry.Shorts(284, (ushort)(shape.TileSamples == samples ? 1 : 2));
        if (TiffTileEncoder.IsDifferenced(shape.Type, compression))
            yield return TiffEntry.Shorts(317, HorizontalDifferences);
        yield return TiffEntry.Long(322, (uint)shape.TileWidth);
        yield return TiffEntry.Long(323, (uint)shape.TileHeight);
        int extra = samples - (shape.IsColour ? 3 : 1);
        if (extra > 0)
            yield return TiffEntry.Shorts(338, [.. Enumerable.Repeat(shape.IsColour ? UnassociatedAlpha : (ushort)0, extra)]);
        yield return TiffEntry.Shorts(339, Each(FormatOf(shape.Type)));
    }

    /// <summary>Pixels per centimetre where the distance of pixels is known, else the ratio 1 without a unit.</summary>
    private static IEnumerable<TiffEntry> Resolution(ArraySpace? space)
    {
        const ushort none = 1;
        const ushort centimetre = 3;
        double across = PerCentimetre(space, 'x');
        double down = PerCentimetre(space, 'y');
        bool isKnown = across > 0 && down > 0;
        yield return TiffEntry.Rational(282, isKnown ? across : 1);
        yield return TiffEntry.Rational(283, isKnown ? down : 1);
        yield return TiffEntry.Shorts(296, isKnown ? centimetre : none);
    }

    private static double PerCentimetre(ArraySpace? space, char axis)
    {
        int at = space?.Axes.IndexOf(axis, StringComparison.Ordinal) ?? -1;
        if (at < 0 || LengthUnits.Find(space!.Units[at]) is not { } unit)
            return 0;
        double density = 0.01 / (Math.Abs(space.Scale[at]) * unit.Metres);
        return double.IsFinite(density) && density is > 0.001 and < uint.MaxValue ? density : 0;
    }

    /// <summary>SampleFormat: unsigned, signed or floating point.</summary>
    private static ushort FormatOf(ElementType type) => type switch
    {
        ElementType.Float16 or ElementType.Float32 or ElementType.Float64 => 3,
        ElementType.Int8 or ElementType.Int16 or ElementType.Int32 or ElementType.Int64 => 2,
        ElementType.UInt8 or ElementType.UInt16 or ElementType.UInt32 or ElementType.UInt64 => 1,
        _ => throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"TIFF has no {type.Name()}."), nameof(type)),
    };
}
