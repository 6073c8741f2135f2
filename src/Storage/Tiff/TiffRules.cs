using Upweave.Tiling;

namespace Upweave.Storage.Tiff;

/// <summary>What arrays can be TIFFs.</summary>
public static class TiffRules
{
    /// <summary>OME's names of the element types that it has (Pixels/@Type of the schema of 2016-06).</summary>
    private static readonly Dictionary<ElementType, string> OmeTypes = new()
    {
        [ElementType.Int8] = "int8",
        [ElementType.UInt8] = "uint8",
        [ElementType.Int16] = "int16",
        [ElementType.UInt16] = "uint16",
        [ElementType.Int32] = "int32",
        [ElementType.UInt32] = "uint32",
        [ElementType.Float32] = "float",
        [ElementType.Float64] = "double",
    };

    private static string OmeTypeNames => string.Join(", ", OmeTypes.Keys.Select(ElementTypes.Name));

    /// <summary>Everything that keeps an array from being such a file, each with how to do otherwise; empty when nothing does.</summary>
    /// <param name="axes">One letter per axis.</param>
    public static IReadOnlyList<(string Message, string Hint)> Check(
        string path, Dims shape, string axes, ElementType type, bool isOme)
    {
        List<(string, string)> problems = [];
        if (type == ElementType.Bool)
            problems.Add(($"{path}: TIFF has no {type.Name()}.", "write uint8, or .npy or .zarr"));
        else if (isOme && !OmeTypes.ContainsKey(type))
            problems.Add(($"{path}: OME-TIFF has no {type.Name()}.", $"write one of {OmeTypeNames}"));
        if (!axes.EndsWith("yx", StringComparison.Ordinal) || axes.Length != shape.Count)
        {
            problems.Add(($"{path}: TIFF has two or three axes of space, and the array {shape} has not.", "write .npy or .zarr"));
            return problems;
        }

        if (shape[^1] > int.MaxValue || shape[^2] > int.MaxValue)
            problems.Add(($"{path}: TIFF has at most {int.MaxValue} rows and columns, and the array is {shape}.", "write .npy or .zarr"));
        int channels = axes.IndexOf('c', StringComparison.Ordinal);
        if (channels >= 0 && shape[channels] > ushort.MaxValue)
            problems.Add(($"{path}: TIFF has at most {ushort.MaxValue} channels, and the array is {shape}.", "write .npy or .zarr"));
        return problems;
    }

    internal static string OmeType(ElementType type) => OmeTypes[type];

    /// <exception cref="InvalidArrayException"><see cref="Check"/> finds a problem.</exception>
    internal static void Require(string path, Dims shape, string axes, ElementType type, bool isOme)
    {
        if (Check(path, shape, axes, type, isOme) is [(string message, string hint), ..])
            throw new InvalidArrayException(message, hint);
    }
}
