namespace Upweave.Storage;

/// <summary>The type of an array's elements. Names are numpy's and zarr's, in lower case.</summary>
public enum ElementType
{
    Bool,
    Int8,
    UInt8,
    Int16,
    UInt16,
    Int32,
    UInt32,
    Int64,
    UInt64,
    Float16,
    Float32,
    Float64,
}

/// <summary>Names and sizes of element types.</summary>
public static class ElementTypes
{
    /// <summary>Bytes per element.</summary>
    public static int Size(this ElementType type) => type switch
    {
        ElementType.Bool or ElementType.Int8 or ElementType.UInt8 => 1,
        ElementType.Int16 or ElementType.UInt16 or ElementType.Float16 => 2,
        ElementType.Int32 or ElementType.UInt32 or ElementType.Float32 => 4,
        ElementType.Int64 or ElementType.UInt64 or ElementType.Float64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    /// <summary>numpy's and zarr's name, e.g. <c>uint16</c>.</summary>
    public static string Name(this ElementType type) => type.ToString().ToLowerInvariant();

    /// <summary>The type with this name; null when there is none.</summary>
    public static ElementType? Parse(string name) =>
        Enum.GetValues<ElementType>().Where(type => type.Name() == name).Select(type => (ElementType?)type).FirstOrDefault();

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<ElementType>().Select(Name)];

    /// <summary>The same, for messages.</summary>
    public static string AllNames => string.Join(", ", All);
}
