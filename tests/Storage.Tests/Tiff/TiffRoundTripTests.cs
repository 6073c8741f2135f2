using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Tiling;

namespace Upweave.Storage.Tests.Tiff;

/// <summary>What is written as TIFF is read again: elements, axes and place. Others' readers are asked elsewhere.</summary>
public sealed class TiffRoundTripTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("plain_u1_le", OutputFormat.Tiff, "cyx")]
    [InlineData("plain_i8_be", OutputFormat.Tiff, "cyx")]
    [InlineData("plain_f2_le", OutputFormat.Tiff, "cyx")]
    [InlineData("big_tiles_rgb_u2_be", OutputFormat.Tiff, "cyx")]
    [InlineData("planar_tiles_5_f4", OutputFormat.Tiff, "cyx")]
    [InlineData("jpeg_ycbcr", OutputFormat.Tiff, "cyx")]
    [InlineData("stack", OutputFormat.Tiff, "zyx")]
    [InlineData("stack_rgb", OutputFormat.Tiff, "czyx")]
    [InlineData("geo_area", OutputFormat.Tiff, "cyx")]
    [InlineData("geo_point", OutputFormat.Tiff, "cyx")]
    [InlineData("geo_matrix", OutputFormat.Tiff, "cyx")]
    [InlineData("imagej", OutputFormat.OmeTiff, "nczyx")]
    [InlineData("ome_ztcyx", OutputFormat.OmeTiff, "nczyx")]
    [InlineData("ome_rgb", OutputFormat.OmeTiff, "czyx")]
    [InlineData("plain_u2_le", OutputFormat.OmeTiff, "cyx")]
    public async Task CopyThenRead_AnyKind_GivesTheSameArray(string name, OutputFormat format, string axes)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        Sample expected = await TiffFiles.ExpectedAsync(name);
        await using IArrayReader source = await Sample.OpenAsync(TiffFiles.Path(name));
        string path = format == OutputFormat.OmeTiff ? "a.ome.tif" : "a.tif";
        IArrayWriter writer = ArrayWriters.Create(folder.Store, CopyLayout.For(source.Info, format, path, new string('1', 32)));
        Assert.True(await ArrayCopier.CopyAsync(source, writer, WriteCondition.IfAbsent, progress: null, token));
        await using IArrayReader copy = await Sample.OpenAsync(folder.At(path));
        Assert.Equal("tiff", copy.Info.Format);
        Assert.Equal(axes, copy.Info.Axes);
        Assert.Equal(expected.Type, copy.Info.Type);
        Assert.Equal(expected.Shape, copy.Info.Shape);
        Assert.Equal(expected.Bytes, await Sample.ReadAsync(copy, Box.Whole(expected.Shape)));
        if (source.Info.Space is not { } space)
            return;
        Assert.Equal(space.Axes, copy.Info.Space!.Axes);
        Assert.Equal(space.Units, copy.Info.Space.Units);
        foreach ((int row, IReadOnlyList<double> numbers) in space.Affine.Index())
        {
            Assert.Equal(numbers, copy.Info.Space.Affine[row]);
        }

        Assert.Equal(space.Georeference?.Keys ?? [], copy.Info.Space.Georeference?.Keys ?? []);
        Assert.Equal(space.Georeference?.Text, copy.Info.Space.Georeference?.Text);
        Assert.Equal(space.Georeference?.NoData, copy.Info.Space.Georeference?.NoData);
    }
}
