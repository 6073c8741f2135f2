using Upweave.Storage.Arrays;

namespace Upweave.Storage.Tests.Tiff;

/// <summary>Where pixels lie in the world, by numbers that stand in tests/data/tiff/make.py.</summary>
public sealed class TiffSpaceTests
{
    [Theory]
    [InlineData("imagej")]
    [InlineData("imagej_one_page")]
    public async Task Space_OfImageJ_IsItsCalibration(string name)
    {
        // 4 pixels per micrometer along x and 5 along y; slices 2.5 apart.
        ArraySpace space = await SpaceAsync(name);
        Assert.Equal("zyx", space.Axes);
        Assert.Equal([2.5, 0.2, 0.25], space.Scale);
        Assert.Equal([0, 0, 0], space.Translation);
        Assert.Equal(["micrometer", "micrometer", "micrometer"], space.Units);
    }

    [Fact]
    public async Task Space_OfOme_IsThePhysicalSize()
    {
        ArraySpace space = await SpaceAsync("ome_tczyx");
        Assert.Equal("zyx", space.Axes);
        Assert.Equal([1.5, 300, 0.25], space.Scale);
        Assert.Equal(["micrometer", "nanometer", "micrometer"], space.Units);
    }

    /// <summary>
    /// The first pixel's corner is at 500000, 5400000 where pixels are areas of 10 x 20, so its centre is half of that further in; where
    /// they are points it is the point itself.
    /// </summary>
    [Theory]
    [InlineData("geo_area", 5_399_990, 500_005)]
    [InlineData("geo_point", 5_400_000, 500_000)]
    public async Task Space_OfGeoTiff_IsOfPixelCentres(string name, double y, double x)
    {
        ArraySpace space = await SpaceAsync(name);
        Assert.Equal("yx", space.Axes);
        Assert.Equal([-20, 10], space.Scale);
        Assert.Equal([y, x], space.Translation);
        GeoReference reference = space.Georeference!;
        Assert.Equal([1, 1, 0, 3], reference.Keys.Take(4));
        Assert.Equal([3072, 0, 1, 32632], reference.Keys.TakeLast(4));
        Assert.Equal("WGS 84 / UTM 32N|", reference.Text);
        Assert.Equal("-9999", reference.NoData);
    }

    [Fact]
    public async Task Space_OfGeoTiffWithAMatrix_MayBeSheared()
    {
        // x = 2 column + row + 100 and y = 0.5 column - 3 row + 200, of corners.
        ArraySpace space = await SpaceAsync("geo_matrix");
        Assert.Equal([-3, 0.5, 200 - 1.25], space.Affine[0]);
        Assert.Equal([1, 2, 100 + 1.5], space.Affine[1]);
        Assert.Null(space.Georeference!.NoData);
    }

    [Theory]
    [InlineData("plain_u1_le")]
    [InlineData("stack")]
    [InlineData("ome_rgb")]
    public async Task Space_OfAFileThatSaysNothing_IsNone(string name)
    {
        await using IArrayReader reader = await Sample.OpenAsync(TiffFiles.Path(name));
        Assert.Null(reader.Info.Space);
    }

    [Theory]
    [InlineData("micron", "micrometer", true)]
    [InlineData("\\u00B5m", "micrometer", true)]
    [InlineData("µm", "micrometer", true)]
    [InlineData("inch", "inch", true)]
    [InlineData("furlong", null, true)]
    [InlineData("pixel", null, false)]
    public async Task Space_OfImageJsUnits_HasTheirNames(string unit, string? expected, bool isKnown)
    {
        using TestFolder folder = new();
        folder.Write("a.tif", TiffBuilder.Grey(2, 2).WithData(false, [1, 2, 3, 4]).With(270, $"ImageJ=1.53\nunit={unit}\n").Page().ToArray());
        await using IArrayReader reader = await Sample.OpenAsync(folder.At("a.tif"));
        Assert.Equal(isKnown, reader.Info.Space is not null);
        Assert.Equal(expected, reader.Info.Space?.Units[0]);
    }

    /// <summary>Two tiles of 16 x 16 side by side, of which the first is not stored (GDAL's sparse files).</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(32773)]
    public async Task Read_TileThatIsNotStored_GivesTheValueThatSaysNothing(int compression)
    {
        byte[] second = compression == 1 ? [.. Enumerable.Repeat((byte)5, 256)] : [129, 5, 129, 5]; // twice 128 of 5
        TiffBuilder builder = TiffBuilder.Grey(20, 3).Without(278).With(322, 16).With(323, 16).With(259, compression)
            .With(42113, "77").WithData(true, [], second).With(324, 0, 8);
        using TestFolder folder = new();
        folder.Write("a.tif", builder.Page().ToArray());
        byte[] row = [.. Enumerable.Repeat((byte)77, 16), 5, 5, 5, 5];
        byte[] rows = [.. row, .. row, .. row];
        Assert.Equal(rows, await Sample.ReadAllAsync(folder.At("a.tif")));
        await using IArrayReader reader = await Sample.OpenAsync(folder.At("a.tif"));
        Assert.Equal("77", reader.Info.Space!.Georeference!.NoData);
    }

    [Theory]
    [InlineData("5", "5")]
    [InlineData(null, null)]
    public async Task Space_OfKeysWithoutAPlace_KeepsNoneOfThem(string? noData, string? expected)
    {
        TiffBuilder builder = TiffBuilder.Grey(2, 2).WithData(false, [1, 2, 3, 4]).With(34735, 1, 1, 0, 1, 1025, 0, 1, 1)
            .WithDoubles(33922, 0, 0, 0, 7, 8, 0, 1, 1, 0, 9, 9, 0);
        using TestFolder folder = new();
        folder.Write("a.tif", (noData is null ? builder : builder.With(42113, noData)).Page().ToArray());
        await using IArrayReader reader = await Sample.OpenAsync(folder.At("a.tif"));
        Assert.Equal(expected, reader.Info.Space?.Georeference?.NoData);
        Assert.Empty(reader.Info.Space?.Georeference?.Keys ?? []);
    }

    private static async Task<ArraySpace> SpaceAsync(string name)
    {
        await using IArrayReader reader = await Sample.OpenAsync(TiffFiles.Path(name));
        return reader.Info.Space!;
    }
}
