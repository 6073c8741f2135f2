namespace Upweave.Storage.Npy;

/// <summary>numpy's type strings, e.g. <c>&lt;f4</c>: byte order, kind and size in bytes.</summary>
internal static class NpyType
{
    private static readonly Dictionary<string, ElementType> Types = new(StringComparer.Ordinal)
    {
        ["b1"] = ElementType.Bool,
        ["i1"] = ElementType.Int8,
        ["u1"] = ElementType.UInt8,
        ["i2"] = ElementType.Int16,
        ["u2"] = ElementType.UInt16,
        ["i4"] = ElementType.Int32,
        ["u4"] = ElementType.UInt32,
        ["i8"] = ElementType.Int64,
        ["u8"] = ElementType.UInt64,
        ["f2"] = ElementType.Float16,
        ["f4"] = ElementType.Float32,
        ["f8"] = ElementType.Float64,
    };

    /// <summary>The type string of elements in little-endian order.</summary>
    public static string Format(ElementType type) =>
        (type.Size() == 1 ? "|" : "<") + Types.First(entry => entry.Value == type).Key;

    /// <summary>The element type and byte order of a type string, or of a list of fields.</summary>
    /// <exception cref="InvalidArrayException">The type is not a plain number.</exception>
    public static (ElementType Type, bool BigEndian) Parse(object? descr, string name)
    {
        if (descr is string { Length: >= 3 } text && Types.TryGetValue(text[1..], out ElementType type)
            && (text[0] is '<' or '>' || (text[0] == '|' && type.Size() == 1)))
        {
            return (type, text[0] == '>' && type.Size() > 1);
        }

        throw new InvalidArrayException(
            $"'{name}' has elements of type {Describe(descr)}, which is not supported.",
            $"convert it with numpy's astype to one of {ElementTypes.AllNames}");
    }

    private static string Describe(object? descr) => descr switch
    {
        List<object?> => "structured (a record of fields)",
        string text => (text.TrimStart('<', '>', '|', '=') + " ")[..1] switch
        {
            "O" => $"object ('{text}', pickled Python objects)",
            "c" => $"complex ('{text}')",
            "S" or "a" or "U" => $"string ('{text}')",
            "V" => $"void ('{text}')",
            "M" or "m" => $"date or time ('{text}')",
            _ => $"'{text}'",
        },
        _ => $"'{descr}'",
    };
}
