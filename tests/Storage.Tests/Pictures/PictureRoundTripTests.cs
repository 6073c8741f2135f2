using Upweave.Storage.Pictures;
using Upweave.Tiling;

namespace Upweave.Storage.Tests.Pictures;

public sealed class PictureRoundTripTests
{
    public static TheoryData<ElementType, int, int, int> Cases()
    {
        TheoryData<ElementType, int, int, int> cases = [];
        for (int channels = 1; channels <= 4; channels++)
        {
            cases.Add(ElementType.UInt8, channels, 31, 17);
            cases.Add(ElementType.UInt16, channels, 31, 17);
        }

        cases.Add(ElementType.UInt8, 1, 1, 1);
        cases.Add(ElementType.UInt16, 3, 1, 1000);

        // Rows longer than what is fetched at once.
        cases.Add(ElementType.UInt16, 4, 3, 20_001);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task ExportThenIngest_Noise_GivesTheSameElements(ElementType type, int channels, int height, int width)
    {
        MemoryStore store = new();
        MemoryArray written = Picture.Noise([channels, height, width], type, [channels, 4, 6], seed: 1);
        await Picture.WriteAsync(written, store, "a.png");
        (PictureHeader header, MemoryArray read) = await Picture.ReadAsync(store, "a.png");
        Assert.Equal([channels, height, width], header.Info.Shape);
        Assert.Equal(type, header.Info.Type);
        Assert.Equal("cyx", header.Info.Axes);
        Assert.Equal("png", header.Info.Format);
        Assert.Equal(written.Content, read.Content);
    }

    [Fact]
    public async Task ExportThenIngest_PlaneWithoutChannels_IsGrey()
    {
        MemoryStore store = new();
        MemoryArray written = Picture.Noise([13, 11], ElementType.UInt8, [5, 5], seed: 2);
        await Picture.WriteAsync(written, store, "a.png");
        (PictureHeader header, MemoryArray read) = await Picture.ReadAsync(store, "a.png");
        Assert.Equal([1, 13, 11], header.Info.Shape);
        Assert.Equal(written.Content, read.Content);
    }

    [Fact]
    public async Task ExportThenIngest_MoreThanOneBlock_GivesTheSameElements()
    {
        MemoryStore store = new();
        MemoryArray written = Picture.Noise([3, 2500, 2501], ElementType.UInt8, [3, 512, 512], seed: 3);
        Assert.Equal(3, await Picture.WriteAsync(written, store, "a.png"));
        (_, MemoryArray read) = await Picture.ReadAsync(store, "a.png", 512, 512);
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
