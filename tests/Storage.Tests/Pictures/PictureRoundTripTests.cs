using Upweave.Storage.Pictures;
using Upweave.Tiling;

namespace Upweave.Storage.Tests.Pictures;

public sealed class PictureRoundTripTests
{
    public static TheoryData<string, ElementType, int, int, int> Cases()
    {
        TheoryData<string, ElementType, int, int, int> cases = [];
        for (int channels = 1; channels <= 4; channels++)
        {
            foreach (ElementType type in new[] { ElementType.UInt8, ElementType.UInt16 })
            {
                cases.Add("a.png", type, channels, 31, 17);
                cases.Add("a.tif", type, channels, 31, 17);
            }

            cases.Add("a.tif", ElementType.Float32, channels, 300, 261);
        }

        foreach (ElementType type in new[] { ElementType.Int8, ElementType.Int16, ElementType.UInt32, ElementType.Int32 })
        {
            cases.Add("a.TIFF", type, 1, 9, 23);
            cases.Add("a.TIFF", type, 3, 9, 23);
        }

        cases.Add("a.png", ElementType.UInt8, 1, 1, 1);
        cases.Add("a.tif", ElementType.UInt8, 4, 1, 1);
        cases.Add("a.png", ElementType.UInt16, 3, 1, 1000);
        cases.Add("a.tif", ElementType.UInt16, 3, 1000, 1);

        // Rows longer than what is fetched at once.
        cases.Add("a.png", ElementType.UInt16, 4, 3, 20_001);
        cases.Add("a.tif", ElementType.Float32, 3, 3, 20_001);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task ExportThenIngest_Noise_GivesTheSameElements(
        string path, ElementType type, int channels, int height, int width)
    {
        MemoryStore store = new();
        MemoryArray written = Picture.Noise([channels, height, width], type, [channels, 4, 6], seed: 1);
        await Picture.WriteAsync(written, store, path);
        (PictureHeader header, MemoryArray read) = await Picture.ReadAsync(store, path);
        Assert.Equal([channels, height, width], header.Info.Shape);
        Assert.Equal(type, header.Info.Type);
        Assert.Equal("cyx", header.Info.Axes);
        Assert.Equal(path == "a.png" ? "png" : "tiff", header.Info.Format);
        Assert.Equal(written.Content, read.Content);
    }

    [Theory]
    [InlineData("a.png")]
    [InlineData("a.tif")]
    public async Task ExportThenIngest_PlaneWithoutChannels_IsGrey(string path)
    {
        MemoryStore store = new();
        MemoryArray written = Picture.Noise([13, 11], ElementType.UInt8, [5, 5], seed: 2);
        await Picture.WriteAsync(written, store, path);
        (PictureHeader header, MemoryArray read) = await Picture.ReadAsync(store, path);
        Assert.Equal([1, 13, 11], header.Info.Shape);
        Assert.Equal(written.Content, read.Content);
    }

    [Theory]
    [InlineData("a.png")]
    [InlineData("a.tif")]
    public async Task ExportThenIngest_MoreThanOneBlock_GivesTheSameElements(string path)
    {
        MemoryStore store = new();
        MemoryArray written = Picture.Noise([3, 2500, 2501], ElementType.UInt8, [3, 512, 512], seed: 3);
        Assert.Equal(3, await Picture.WriteAsync(written, store, path));
        (_, MemoryArray read) = await Picture.ReadAsync(store, path, 512, 512);
        Assert.Equal(written.Content, read.Content);
    }

    [Fact]
    public async Task Ingest_TilesOfSingleChannels_GivesTheSameElements()
    {
        MemoryStore store = new();
        MemoryArray written = Picture.Noise([3, 20, 30], ElementType.UInt16, [3, 20, 30], seed: 4);
        await Picture.WriteAsync(written, store, "a.png");
        PictureHeader header = await PictureHeader.ReadAsync(store, "a.png", TestContext.Current.CancellationToken);
        MemoryArray read = new(header.Info.Shape, header.Info.Type, [1, 8, 7]);
        await PictureIngest.RunAsync(store, "a.png", header.Identity, read, null, TestContext.Current.CancellationToken);
        Assert.Equal(written.Content, read.Content);
    }
}
