using NetVips;

namespace Upweave.Storage.Pictures;

/// <summary>Element types in libvips's terms.</summary>
internal static class PictureTypes
{
    private static readonly (ElementType Type, Enums.BandFormat Format)[] Pairs =
    [
        (ElementType.UInt8, Enums.BandFormat.Uchar),
        (ElementType.Int8, Enums.BandFormat.Char),
        (ElementType.UInt16, Enums.BandFormat.Ushort),
        (ElementType.Int16, Enums.BandFormat.Short),
        (ElementType.UInt32, Enums.BandFormat.Uint),
        (ElementType.Int32, Enums.BandFormat.Int),
        (ElementType.Float32, Enums.BandFormat.Float),
        (ElementType.Float64, Enums.BandFormat.Double),
    ];

    /// <summary>Null for complex numbers.</summary>
    public static ElementType? ToElementType(Enums.BandFormat format) =>
        Pairs.Where(pair => pair.Format == format).Select(pair => (ElementType?)pair.Type).FirstOrDefault();

    public static Enums.BandFormat ToBandFormat(ElementType type) => Pairs.Single(pair => pair.Type == type).Format;
}
