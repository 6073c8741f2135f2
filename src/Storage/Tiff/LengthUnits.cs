namespace Upweave.Storage.Tiff;

/// <summary>Units of length by the names that OME-NGFF takes from UDUNITS-2.</summary>
internal static class LengthUnits
{
    private static readonly Dictionary<string, (double Metres, string Ome)> Known = new()
    {
        ["picometer"] = (1e-12, "pm"),
        ["angstrom"] = (1e-10, "\u00C5"),
        ["nanometer"] = (1e-9, "nm"),
        ["micrometer"] = (1e-6, "\u00B5m"),
        ["millimeter"] = (1e-3, "mm"),
        ["centimeter"] = (1e-2, "cm"),
        ["decimeter"] = (1e-1, "dm"),
        ["meter"] = (1, "m"),
        ["kilometer"] = (1e3, "km"),
        ["inch"] = (0.0254, "in"),
        ["foot"] = (0.3048, "ft"),
    };

    /// <summary>The name of the unit with this name or OME's symbol; null for what is not known.</summary>
    public static string? NameOf(string text) =>
        Known.Where(unit => text == unit.Key || text == unit.Value.Ome).Select(unit => unit.Key).FirstOrDefault();

    /// <summary>The unit in metres and OME's symbol of it; null for what is no length or not known.</summary>
    public static (double Metres, string Ome)? Find(string? name) =>
        name is not null && Known.TryGetValue(name, out (double Metres, string Ome) unit) ? unit : null;
}
