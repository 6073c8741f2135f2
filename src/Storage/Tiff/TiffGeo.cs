using System.Text;
using Upweave.Storage.Arrays;

namespace Upweave.Storage.Tiff;

/// <summary>
/// GeoTIFF 1.1 (OGC 19-008r4): where a raster lies on the earth. A point of the raster is (column, row); where pixels are areas, the
/// first one's centre is at (0.5, 0.5), and where they are points, at (0, 0) (annex B.6, section 7.1.1).
/// </summary>
internal static class TiffGeo
{
    private const int KeysMax = 4096, DoublesMax = 65536, TextMax = 1 << 20;
    private const int RasterTypeKey = 1025, PixelIsPoint = 2;
    private const int GeographicAngularUnitsKey = 2054, ProjectedLinearUnitsKey = 3076;

    /// <summary>The place of the page, over <c>yx</c>; null where the file says nothing of it.</summary>
    public static async ValueTask<ArraySpace?> ReadAsync(TiffDirectory directory, CancellationToken cancellationToken)
    {
        long[] keys = await directory.IntegersAsync(TiffTag.GeoKeyDirectory, KeysMax, cancellationToken);
        string? noData = await directory.TextAsync(TiffTag.GdalNoData, TextMax, cancellationToken);
        double[]? affine = await AffineAsync(directory, cancellationToken);
        // Keys without the raster's place (or with points of control instead) would put it at the origin, so they are left out.
        if (affine is null)
            return noData is null ? null : ArraySpace.Of("yx", [1, 1], [0, 0]) with { Georeference = new() { NoData = noData.Trim() } };
        byte[] text = await directory.BytesAsync(TiffTag.GeoAsciiParams, TextMax, cancellationToken) ?? [];
        GeoReference reference = new()
        {
            Keys = [.. keys.Select(key => (ushort)key)],
            Doubles = await directory.NumbersAsync(TiffTag.GeoDoubleParams, DoublesMax, cancellationToken),
            Text = Encoding.UTF8.GetString(text).TrimEnd('\0'),
            NoData = noData?.Trim(),
        };
        return Space(affine, keys) with { Georeference = reference };
    }

    private static ArraySpace Space(double[] affine, long[] keys)
    {
        (double a, double b, double d, double e, double f, double h) = (affine[0], affine[1], affine[2], affine[3], affine[4], affine[5]);
        double centre = KeyOf(keys, RasterTypeKey) == PixelIsPoint ? 0 : 0.5;
        string? unit = UnitOf(keys);
        return new ArraySpace
        {
            Axes = "yx",
            Affine = [[f, e, h + (centre * (e + f))], [b, a, d + (centre * (a + b))]],
            Units = [unit, unit],
        };
    }

    /// <summary>x = a column + b row + d and y = e column + f row + h; null where the file does not say, or not with numbers.</summary>
    private static async ValueTask<double[]?> AffineAsync(TiffDirectory directory, CancellationToken cancellationToken)
    {
        double[]? affine = null;
        double[] matrix = await directory.NumbersAsync(TiffTag.ModelTransformation, 16, cancellationToken);
        double[] scale = await directory.NumbersAsync(TiffTag.ModelPixelScale, 3, cancellationToken);
        double[] tie = await directory.NumbersAsync(TiffTag.ModelTiepoint, 6, cancellationToken);
        if (matrix.Length == 16)
            affine = [matrix[0], matrix[1], matrix[3], matrix[4], matrix[5], matrix[7]];
        else if (scale.Length >= 2 && tie.Length == 6)
            affine = [scale[0], 0, tie[3] - (tie[0] * scale[0]), 0, -scale[1], tie[4] + (tie[1] * scale[1])];
        return affine is not null && affine.All(double.IsFinite) ? affine : null;
    }

    /// <summary>The value of a key that stands in the directory itself; null where there is none.</summary>
    private static long? KeyOf(long[] keys, int key)
    {
        for (int at = 4; at + 4 <= keys.Length; at += 4)
        {
            if (keys[at] == key && keys[at + 1] == 0)
                return keys[at + 3];
        }

        return null;
    }

    private static string? UnitOf(long[] keys) => (KeyOf(keys, ProjectedLinearUnitsKey), KeyOf(keys, GeographicAngularUnitsKey)) switch
    {
        (9001, _) => "meter",
        (9002, _) => "foot",
        (null, 9102) => "degree",
        _ => null,
    };
}
