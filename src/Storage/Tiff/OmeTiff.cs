using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Upweave.Storage.Arrays;

namespace Upweave.Storage.Tiff;

/// <summary>
/// The OME-XML of an OME-TIFF (docs.openmicroscopy.org/ome-model, OME-TIFF specification): the first image's extents, which page holds
/// which plane, and the distance of pixels.
/// </summary>
internal sealed record OmeTiff
{
    /// <summary>OME's default unit of length.</summary>
    private const string DefaultUnit = "\u00B5m";

    public required long SizeX { get; init; }

    public required long SizeY { get; init; }

    public required long SizeZ { get; init; }

    /// <summary>Channels, those in one page included.</summary>
    public required long SizeC { get; init; }

    public required long SizeT { get; init; }

    public required XElement Pixels { get; init; }

    public required string? Uuid { get; init; }

    public static bool IsOne(string description) =>
        description.TrimEnd().EndsWith("OME>", StringComparison.Ordinal) && description.Contains("<OME", StringComparison.Ordinal);

    /// <param name="name">Names the file in messages.</param>
    /// <exception cref="InvalidArrayException">It is malformed, or names no image in this file.</exception>
    public static OmeTiff Parse(string description, string name)
    {
        XmlReaderSettings settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };
        try
        {
            using XmlReader reader = XmlReader.Create(new StringReader(description.Trim()), settings);
            XElement root = XDocument.Load(reader).Root!;
            XElement pixels = Children(root, "Image").SelectMany(image => Children(image, "Pixels")).FirstOrDefault()
                ?? throw Malformed(name, "it has no image: those are in another file");
            return new OmeTiff
            {
                SizeX = Integer(pixels, "SizeX", 0),
                SizeY = Integer(pixels, "SizeY", 0),
                SizeZ = Integer(pixels, "SizeZ", 0),
                SizeC = Integer(pixels, "SizeC", 0),
                SizeT = Integer(pixels, "SizeT", 0),
                Pixels = pixels,
                Uuid = root.Attribute("UUID")?.Value,
            };
        }
        catch (Exception malformed) when (malformed is XmlException or FormatException or OverflowException)
        {
            throw Malformed(name, malformed.Message, malformed);
        }
    }

    /// <summary>Pages by plane: batches outermost, then channels, then z.</summary>
    /// <param name="channelPages">Channels less those that lie in one page.</param>
    /// <exception cref="InvalidArrayException">A plane has no page in this file.</exception>
    public int[] Planes(long channelPages, int pages, string name)
    {
        int[] planes = new int[checked((int)(SizeT * channelPages * SizeZ))];
        Array.Fill(planes, -1);
        try
        {
            List<XElement> data = [.. Children(Pixels, "TiffData")];
            long placed = 0;
            foreach (XElement part in data)
            {
                placed += Place(part, data.Count, channelPages, pages, planes, name);
                if (placed > planes.Length)
                    throw Malformed(name, "it names pages for some planes more than once");
            }
        }
        catch (Exception malformed) when (malformed is FormatException or OverflowException)
        {
            throw Malformed(name, malformed.Message, malformed);
        }

        int missing = Array.IndexOf(planes, -1);
        return missing < 0
            ? planes
            : throw Malformed(name, $"no page of the file has plane {missing} of {planes.Length}");
    }

    /// <summary>The distance of pixels along z, y and x; null where none is given.</summary>
    public ArraySpace? Space(bool hasDepth)
    {
        char[] letters = [.. (hasDepth ? "ZYX" : "YX")];
        string?[] units = new string?[letters.Length];
        double[] scale = new double[letters.Length];
        bool isKnown = false;
        foreach ((int axis, char letter) in letters.Index())
        {
            string unit = Pixels.Attribute($"PhysicalSize{letter}Unit")?.Value ?? DefaultUnit;
            bool isGiven = double.TryParse(
                Pixels.Attribute($"PhysicalSize{letter}")?.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double size)
                && double.IsFinite(size) && size > 0 && !TiffUnits.IsPixel(unit);
            isKnown |= isGiven;
            (scale[axis], units[axis]) = isGiven ? (size, TiffUnits.Of(unit)) : (1, null);
        }

        return isKnown ? ArraySpace.Of(hasDepth ? "zyx" : "yx", scale, new double[letters.Length], units) : null;
    }

    /// <summary>
    /// Without a page, a TiffData means the first; without a number of planes, one where it has a page, else all that are left.
    /// </summary>
    /// <returns>Planes that it places.</returns>
    private long Place(XElement part, int parts, long channelPages, int pages, int[] planes, string name)
    {
        string? uuid = Children(part, "UUID").FirstOrDefault()?.Value.Trim();
        if (uuid is not null && Uuid is not null && uuid != Uuid)
            throw Malformed(name, "some of its planes are in other files", "save it as one file");
        bool hasPage = part.Attribute("IFD") is not null;
        long page = Integer(part, "IFD", 0);
        long count = Math.Min(Integer(part, "PlaneCount", hasPage || parts > 1 ? 1 : planes.Length), planes.Length);
        string order = Pixels.Attribute("DimensionOrder")?.Value ?? "";
        if (order.Length != 5 || !order.StartsWith("XY", StringComparison.Ordinal) || !order[2..].Order().SequenceEqual("CTZ"))
            throw Malformed(name, $"its DimensionOrder is '{order}'");
        long Size(char axis) => axis == 'Z' ? SizeZ : axis == 'C' ? channelPages : SizeT;
        long first = 0;
        foreach (char axis in order.Reverse().SkipLast(2))
        {
            long at = Integer(part, $"First{axis}", 0);
            if (at >= Size(axis))
                throw Malformed(name, $"First{axis} {at} is beyond its {Size(axis)}");
            first = (first * Size(axis)) + at;
        }

        count = Math.Min(count, planes.Length - first);
        for (long index = 0; index < count; index++)
        {
            if (page >= pages - index)
                throw Malformed(name, $"plane {first + index} is in page {page + index}, and the file has {pages}");
            long rest = first + index, z = 0, c = 0, t = 0;
            foreach (char axis in order[2..])
            {
                long at = rest % Size(axis);
                rest /= Size(axis);
                (z, c, t) = axis == 'Z' ? (at, c, t) : axis == 'C' ? (z, at, t) : (z, c, at);
            }

            planes[(((t * channelPages) + c) * SizeZ) + z] = (int)(page + index);
        }

        return count;
    }

    private static long Integer(XElement element, string attribute, long otherwise) => element.Attribute(attribute) is { } value
        ? long.Parse(value.Value, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture)
        : otherwise;

    private static IEnumerable<XElement> Children(XElement element, string name) =>
        element.Elements().Where(child => child.Name.LocalName == name);

    private static InvalidArrayException Malformed(string name, string why, Exception? inner = null) =>
        new($"The OME-XML of '{name}' cannot be used: {why}.", "write the OME-TIFF again, as one file", inner);

    private static InvalidArrayException Malformed(string name, string why, string hint) =>
        new($"The OME-XML of '{name}' cannot be used: {why}.", hint);
}
