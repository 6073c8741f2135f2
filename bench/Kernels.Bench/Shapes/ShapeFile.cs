using System.Globalization;
using Upweave.Kernels;
using Upweave.Tiling;

namespace Upweave.Bench.Shapes;

/// <summary>
/// Reads rows of <c>name | N | Cin | Cout | groups | in | kernel | stride | padsBegin | padsEnd | outpad | dilation | source</c>.
/// Vectors are comma separated, one entry per spatial axis; lines that begin with # say nothing.
/// </summary>
internal static class ShapeFile
{
    private const int Columns = 13;

    /// <exception cref="FormatException">A row cannot be read, or its layer has no output.</exception>
    public static IReadOnlyList<ShapeRow> Read(string path) =>
    [
        .. File.ReadLines(path).Select((line, index) => (Text: line.Trim(), Where: $"{path}:{index + 1}"))
            .Where(line => line.Text.Length > 0 && line.Text[0] != '#')
            .Select(line => Parse(line.Text, line.Where)),
    ];

    private static ShapeRow Parse(string text, string where)
    {
        string[] cells = text.Split('|', StringSplitOptions.TrimEntries);
        if (cells.Length != Columns)
            throw new FormatException($"{where}: {cells.Length} columns instead of {Columns}. hint: see the header of bench/shapes.txt");
        Dims[] vectors = [.. cells[5..12].Select(cell => Vector(cell, where))];
        if (vectors.Any(vector => vector.Count != vectors[0].Count))
            throw new FormatException($"{where}: the vectors have different lengths. hint: give one entry per spatial axis");
        ConvTransposeLayer layer = new()
        {
            InputChannels = (int)Number(cells[2], where),
            OutputChannels = (int)Number(cells[3], where),
            Groups = (int)Number(cells[4], where),
            Geometry = new ConvTransposeGeometry
            {
                Input = vectors[0],
                Kernel = vectors[1],
                Strides = vectors[2],
                PadsBegin = vectors[3],
                PadsEnd = vectors[4],
                OutputPadding = vectors[5],
                Dilations = vectors[6],
            },
        };
        if (layer.Geometry.Output.Any(extent => extent < 1))
            throw new FormatException($"{where}: the output would be {layer.Geometry.Output}. hint: check pads against kernel and stride");
        return new ShapeRow(cells[0], (int)Number(cells[1], where), layer, cells[12]);
    }

    private static Dims Vector(string cell, string where) => [.. cell.Split(',').Select(part => Number(part, where))];

    private static long Number(string cell, string where) =>
        long.TryParse(cell.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw new FormatException($"{where}: \"{cell}\" is no whole number");
}
