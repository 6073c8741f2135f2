using Upweave.Storage.Arrays;

namespace Upweave.Storage.Tiff;

/// <summary>
/// The georeference of a map as GeoTIFF 1.1 has it (OGC 19-008r4): the keys as they are, and the grid as scale and one tie point where x
/// runs east and y runs south, else as a matrix.
/// </summary>
internal static class GeoTags
{
    private const ushort RasterTypeKey = 1025;
    private const ushort PixelIsPoint = 2;

    /// <summary>No fields where the array lies nowhere on the earth.</summary>
    public static IEnumerable<TiffEntry> Of(ArraySpace? space)
    {
        if (space?.Georeference is not { } geo || !space.Axes.EndsWith("yx", StringComparison.Ordinal))
            yield break;
        int y = space.Axes.Length - 2;
        int x = space.Axes.Length - 1;
        // An array's coordinates are those of elements' centres. Raster coordinate 0 is a pixel's corner unless the keys say its centre.
        double centre = IsPoint(geo.Keys) ? 0 : 0.5;
        double Origin(int row) => space.Affine[row][^1] - (centre * (space.Affine[row][y] + space.Affine[row][x]));
        (double across, double down) = (space.Affine[x][x], -space.Affine[y][y]);
        if (space.Affine[x][y] == 0 && space.Affine[y][x] == 0 && across > 0 && down > 0)
        {
            yield return TiffEntry.Doubles(33550, across, down, 0);
            yield return TiffEntry.Doubles(33922, 0, 0, 0, Origin(x), Origin(y), 0);
        }
        else
        {
            yield return TiffEntry.Doubles(
                34264,
                across, space.Affine[x][y], 0, Origin(x),
                space.Affine[y][x], space.Affine[y][y], 0, Origin(y),
                0, 0, 0, 0,
                0, 0, 0, 1);
        }

        if (geo.Keys.Count > 0)
            yield return TiffEntry.Shorts(34735, geo.Keys);
        if (geo.Doubles.Count > 0)
            yield return TiffEntry.Doubles(34736, geo.Doubles);
        if (geo.Text.Length > 0)
            yield return TiffEntry.Ascii(34737, geo.Text);
        if (geo.NoData is { } nothing)
            yield return TiffEntry.Ascii(42113, nothing);
    }

    /// <summary>The directory is a header of four numbers, then four for each key: its name, 0 for a number, 1, and the number.</summary>
    private static bool IsPoint(IReadOnlyList<ushort> keys)
    {
        for (int key = 4; key + 3 < keys.Count; key += 4)
        {
            if (keys[key] == RasterTypeKey && keys[key + 1] == 0)
                return keys[key + 3] == PixelIsPoint;
        }

        return false;
    }
}
