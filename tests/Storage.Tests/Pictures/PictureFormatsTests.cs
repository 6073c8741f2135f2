using Upweave.Storage.Pictures;

namespace Upweave.Storage.Tests.Pictures;

public sealed class PictureFormatsTests
{
    [Theory]
    [InlineData("a.png", true, false)]
    [InlineData("dir.v1/A.TIF", true, false)]
    [InlineData("a.tiff", true, false)]
    [InlineData("a.JPG", true, true)]
    [InlineData("a.jpeg", true, true)]
    [InlineData("a.webp", true, false)]
    [InlineData("a.npy", false, false)]
    [InlineData("a.png.zarr", false, false)]
    [InlineData("png", false, false)]
    public void Extension_Path_SaysInputAndJpeg(string path, bool input, bool jpeg)
    {
        Assert.Equal(input, PictureFormats.IsInput(path));
        Assert.Equal(jpeg, PictureFormats.IsJpeg(path));
    }
}
