using Upweave.Storage.Pictures;

namespace Upweave.Storage.Tests.Tiff;

/// <summary>Which pictures are read by box, and which are decoded whole first.</summary>
public sealed class PictureInputsTests : IDisposable
{
    private readonly TestFolder folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(258, 8, 1, false)]
    [InlineData(258, 1, 1, true)]
    [InlineData(262, 3, 1, true)]
    [InlineData(274, 6, 1, true)]
    [InlineData(258, 1, 2, false)] // refused with a hint: pictures have a single page
    public async Task NeedIngest_Tiff_IsForSinglePagesOfRareKinds(ushort tag, int value, int pages, bool expected)
    {
        TiffBuilder builder = TiffBuilder.Grey(4, 4).WithData(false, new byte[16]).With(tag, value);
        for (int page = 0; page < pages; page++)
        {
            builder.Page();
        }

        folder.Write("a.tif", builder.ToArray());
        Assert.Equal(expected, await PictureInputs.NeedIngestAsync(new(folder.Store, "a.tif"), Token));
    }

    [Theory]
    [InlineData("a.npy", false)]
    [InlineData("a.zarr", false)]
    [InlineData("a.png", true)]
    [InlineData("a.jpg", true)]
    [InlineData("none.tif", true)]
    [InlineData("broken.tif", false)]
    public async Task NeedIngest_OtherFiles_IsByTheirNames(string path, bool expected)
    {
        folder.Write("a.png", "x"u8);
        folder.Write("a.jpg", "x"u8);
        folder.Write("broken.tif", "II*\0"u8);
        Assert.Equal(expected, await PictureInputs.NeedIngestAsync(new(folder.Store, path), Token));
    }
}
