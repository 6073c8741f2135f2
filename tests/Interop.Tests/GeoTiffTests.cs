namespace Upweave.Interop.Tests;

/// <summary>A map keeps its place on the earth, as tifffile reads it.</summary>
public sealed class GeoTiffTests : IDisposable
{
    private const string PixelScale = "33550", TiePoint = "33922", Matrix = "34264", Keys = "34735", Text = "34737", NoData = "42113";

    private static readonly string Data = Path.Combine(AppContext.BaseDirectory, "data", "tiff");

    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>Pixels are areas: the corner stays where it is. Pixels are points: the first one's centre goes a quarter back.</summary>
    [Theory]
    [InlineData("geo_area", 500000, 5400000)]
    [InlineData("geo_point", 500000 - (0.25 * 10), 5400000 + (0.25 * 20))]
    public async Task Run_Map_HasHalfThePixels(string name, double x, double y)
    {
        (Reading before, Reading after) = await RunAsync(name);
        Assert.Equal([10, 20, 0], Tag(before, PixelScale));
        Assert.Equal([5, 10, 0], Tag(after, PixelScale));
        Assert.Equal([0, 0, 0, x, y, 0], Tag(after, TiePoint));
        foreach (string same in (string[])[Keys, Text, NoData])
            Assert.Equal(before["tags"].GetProperty(same).GetRawText(), after["tags"].GetProperty(same).GetRawText());
        Assert.Equal("-9999", after["tags"].GetProperty(NoData).GetString());
    }

    [Fact]
    public async Task Run_TurnedMap_HasHalfTheMatrix()
    {
        (Reading before, Reading after) = await RunAsync("geo_matrix");
        Assert.Equal([2, 1, 0, 100, 0.5, -3, 0, 200, 0, 0, 0, 0, 0, 0, 0, 1], Tag(before, Matrix));
        Assert.Equal([1, 0.5, 0, 100, 0.25, -1.5, 0, 200, 0, 0, 0, 0, 0, 0, 0, 1], Tag(after, Matrix));
        Assert.Equal(before["tags"].GetProperty(Keys).GetRawText(), after["tags"].GetProperty(Keys).GetRawText());
    }

    private async Task<(Reading Before, Reading After)> RunAsync(string name)
    {
        File.Copy(Path.Combine(Data, $"{name}.tif"), folder.At("x.tif"));
        await folder.SucceedAsync("run x.tif y.tif --preset linear --scale 2,2");
        await folder.SucceedAsync("run x.tif y.npy --preset linear --scale 2,2");
        IReadOnlyList<Reading> readings = await Readers.PythonAsync(folder, new("x.tif", "tiff"), new("y.tif", "tiff"));
        readings[1].AssertElements(folder.Read("y.npy").Bytes);
        return (readings[0], readings[1]);
    }

    private static double[] Tag(Reading reading, string tag) =>
        [.. reading["tags"].GetProperty(tag).EnumerateArray().Select(number => number.GetDouble())];
}
