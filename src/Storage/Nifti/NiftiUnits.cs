using Upweave.Storage.Arrays;

namespace Upweave.Storage.Nifti;

/// <summary>Units of length: NIfTI's codes (the lowest three bits of xyzt_units) and UDUNITS-2's names.</summary>
internal static class NiftiUnits
{
    private const int SpaceMask = 7;

    private static readonly (string Name, int Code, double Meters)[] Known =
    [
        ("meter", 1, 1), ("millimeter", 2, 1e-3), ("micrometer", 3, 1e-6),
        ("centimeter", 0, 1e-2), ("nanometer", 0, 1e-9), ("angstrom", 0, 1e-10), ("kilometer", 0, 1e3),
    ];

    /// <summary>The name of a header's unit; null where it says none.</summary>
    public static string? NameOf(long units) =>
        Array.Find(Known, unit => unit.Code != 0 && unit.Code == (units & SpaceMask)).Name;

    /// <summary>The one unit that a header can say for a space, with the factors that bring each world axis to it.</summary>
    /// <returns>Code 0, and factors of 1, where not all axes have a known unit.</returns>
    public static (int Code, double[] Factors) Common(ArraySpace space)
    {
        var units = space.Units.Select(name => Array.Find(Known, unit => unit.Name == name)).ToArray();
        if (units.Length == 0 || units.Any(unit => unit.Name is null))
            return (0, [.. units.Select(_ => 1.0)]);
        (string _, int code, double meters) = units.FirstOrDefault(unit => unit.Code != 0, Array.Find(Known, unit => unit.Code == 2));
        return (code, [.. units.Select(unit => unit.Meters == meters ? 1 : unit.Meters / meters)]);
    }
}
