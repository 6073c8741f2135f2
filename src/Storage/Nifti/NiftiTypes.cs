namespace Upweave.Storage.Nifti;

/// <summary>NIfTI's codes of element types (field <c>datatype</c>).</summary>
internal static class NiftiTypes
{
    private static readonly Dictionary<int, ElementType> Types = new()
    {
        [2] = ElementType.UInt8,
        [4] = ElementType.Int16,
        [8] = ElementType.Int32,
        [16] = ElementType.Float32,
        [64] = ElementType.Float64,
        [256] = ElementType.Int8,
        [512] = ElementType.UInt16,
        [768] = ElementType.UInt32,
        [1024] = ElementType.Int64,
        [1280] = ElementType.UInt64,
    };

    /// <summary>The types that NIfTI has, for messages.</summary>
    public static string AllNames => string.Join(", ", Types.Values.Order().Select(ElementTypes.Name));

    /// <summary>The code of a type; null when NIfTI has none.</summary>
    public static int? CodeOf(ElementType type) =>
        Types.Where(entry => entry.Value == type).Select(entry => (int?)entry.Key).FirstOrDefault();

    /// <exception cref="InvalidArrayException">Elements are not plain numbers.</exception>
    public static ElementType Parse(long code, string name) => Types.TryGetValue((int)code, out ElementType type)
        ? type
        : throw new InvalidArrayException(
            $"'{name}' has elements of type {Describe(code)}, which is not supported.", $"convert it to one of {AllNames}");

    private static string Describe(long code) => code switch
    {
        1 => "bit (NIfTI datatype 1)",
        32 or 1792 or 2048 => $"complex (NIfTI datatype {code})",
        128 or 2304 => $"RGB (NIfTI datatype {code})",
        1536 => "float128 (NIfTI datatype 1536)",
        _ => $"{code} (NIfTI datatype)",
    };
}
