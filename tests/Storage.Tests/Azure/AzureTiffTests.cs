using Azure.Storage.Blobs;
using Upweave.Storage.Arrays;
using Upweave.Storage.Azure;
using Upweave.Storage.Stores;
using Upweave.Storage.Tests.Tiff;
using Upweave.Tiling;

namespace Upweave.Storage.Tests.Azure;

/// <summary>TIFF files read by box where they are blobs.</summary>
[Collection(AzureCollection.Name)]
public sealed class AzureTiffTests(AzureFixture azure)
{
    private readonly BlobContainerClient container = azure.NewContainer();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("plain_f8_be")]
    [InlineData("deflate_tiles_rgb_u1")]
    [InlineData("lzw_rgb_u1")]
    [InlineData("jpeg_pyramid")]
    [InlineData("ome_ctzyx")]
    public async Task Read_Boxes_AreThoseOfTheWhole(string name)
    {
        await UploadAsync(name);
        Sample expected = await TiffFiles.ExpectedAsync(name);
        await using IArrayReader reader = await OpenAsync(null);
        Random random = new(6);
        for (int time = 0; time < 5; time++)
        {
            Box box = expected.RandomBox(random);
            Assert.Equal(expected.Cut(box), await Sample.ReadAsync(reader, box));
        }
    }

    [Fact]
    public async Task Read_BlobReplacedMeanwhile_IsRefused()
    {
        await UploadAsync("stack");
        await using IArrayReader reader = await OpenAsync(null);
        await UploadAsync("stack");
        await Assert.ThrowsAsync<ObjectChangedException>(() => Sample.ReadAsync(reader, Box.Whole(reader.Info.Shape)));
        await Assert.ThrowsAsync<ObjectChangedException>(async () => await OpenAsync(reader.Identity));
    }

    private async Task UploadAsync(string name) => await new AzureBlobStore(container).WriteAsync(
        "a.tif", await File.ReadAllBytesAsync(TiffFiles.Path(name), Cancelled), WriteCondition.Always, Cancelled);

    private ValueTask<IArrayReader> OpenAsync(string? identity) =>
        ArrayReaders.OpenAsync(new StoreLocation(new AzureBlobStore(container), "a.tif"), identity, Cancelled);
}
