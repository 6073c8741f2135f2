using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Storage.Tests.Tiff;

public sealed class TiffReaderTests
{
    public static TheoryData<string> Names => [.. TiffFiles.Names];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Names_OfTheFolder_AreMany() => Assert.True(TiffFiles.Names.Count() > 60, string.Join(", ", TiffFiles.Names));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Read_Whole_IsWhatAnotherReaderSays(string name)
    {
        Sample expected = await TiffFiles.ExpectedAsync(name);
        await using IArrayReader reader = await Sample.OpenAsync(TiffFiles.Path(name));
        Assert.Equal("tiff", reader.Info.Format);
        Assert.Equal(expected.Type, reader.Info.Type);
        Assert.Equal(expected.Shape, reader.Info.Shape);
        Assert.Equal(expected.Bytes, await Sample.ReadAsync(reader, Box.Whole(expected.Shape)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Read_Boxes_AreThoseOfTheWhole(string name)
    {
        Sample expected = await TiffFiles.ExpectedAsync(name);
        await using IArrayReader reader = await Sample.OpenAsync(TiffFiles.Path(name));
        Random random = new(5);
        for (int time = 0; time < 30; time++)
        {
            Box box = expected.RandomBox(random);
            Assert.Equal(expected.Cut(box), await Sample.ReadAsync(reader, box));
            byte[] stored = new byte[box.Volume * expected.ElementBytes];
            await reader.ReadStoredAsync(box, stored, Token);
            Assert.Equal(expected.Cut(box), reader.StoredBigEndian ? Sample.Swap(stored, expected.ElementBytes) : stored);
        }
    }

    [Theory]
    [InlineData("plain_u1_le", "cyx")]
    [InlineData("big_tiles_rgb_u2_be", "cyx")]
    [InlineData("jpeg_pyramid", "cyx")]
    [InlineData("stack", "zyx")]
    [InlineData("stack_rgb", "czyx")]
    [InlineData("imagej", "nczyx")]
    [InlineData("ome_ctzyx", "nczyx")]
    [InlineData("ome_rgb", "czyx")]
    public async Task Axes_OfPagesAndMetadata_AreNamed(string name, string axes)
    {
        await using IArrayReader reader = await Sample.OpenAsync(TiffFiles.Path(name));
        Assert.Equal(axes, reader.Info.Axes);
    }

    [Fact]
    public async Task Read_PlainRows_ReadsOnlyThese()
    {
        await using TiffScene scene = await TiffScene.OpenAsync("plain_f8_le");
        scene.Store.Reads = 0;
        await Sample.ReadAsync(scene.Reader, new Box([0, 3, 0], [1, 9, 17]));
        // The table's two fields, and one run over three strips.
        Assert.Equal(3, scene.Store.Reads);
        await Sample.ReadAsync(scene.Reader, new Box([0, 0, 0], [1, 13, 17]));
        Assert.Equal(4, scene.Store.Reads);
        Assert.Null(scene.Reader.Info.Chunk);
        Assert.InRange(scene.Reader.KeptBytes, 1, 10_000);
    }

    [Fact]
    public async Task Read_CompressedTiles_ReadsEachOnce()
    {
        await using TiffScene scene = await TiffScene.OpenAsync("deflate_tiles_rgb_u1");
        Assert.Equal([3, 16, 16], scene.Reader.Info.Chunk);
        scene.Store.Reads = 0;
        await Sample.ReadAsync(scene.Reader, new Box([0, 10, 10], [1, 10, 10]));
        Assert.Equal(2 + 4, scene.Store.Reads);
        await Sample.ReadAsync(scene.Reader, new Box([1, 0, 0], [2, 32, 32]));
        Assert.Equal(2 + 4, scene.Store.Reads);
    }

    [Fact]
    public async Task Read_SmallStrips_AreFetchedTogether()
    {
        await using TiffScene scene = await TiffScene.OpenAsync("lzw_rgb_u1");
        scene.Store.Reads = 0;
        await Sample.ReadAsync(scene.Reader, Box.Whole(scene.Reader.Info.Shape));
        Assert.Equal(3, scene.Store.Reads);
    }

    [Fact]
    public async Task ReadOverheadBytes_OfTiles_CountsThoseDecodedAtOnce()
    {
        await using TiffScene tiles = await TiffScene.OpenAsync("deflate_tiles_rgb_u1");
        // 16 x 16 x 3 bytes; stored at most twice that and 4096, in the pool's next size, as the tile's pixels and a row of them are;
        // and where it lies in the file.
        const long chunk = 768, stored = 8192, pixels = 1024, row = 64, place = 40;
        Assert.Equal(4 * (chunk + stored + pixels + row + place), tiles.Reader.ReadOverheadBytes([3, 30, 30]));
        Assert.Equal(4 * (chunk + stored + pixels + row + place), tiles.Reader.ReadOverheadBytes([1, 1, 1])); // it may lie on a corner
        // 12 chunks, each with what an entry of the cache takes; one page, and 12 places of 24 bytes.
        Assert.Equal((12 * (chunk + 128)) + 224 + (12 * 24), tiles.Reader.KeptBytes);
        await using TiffScene plain = await TiffScene.OpenAsync("plain_f8_le");
        // There is one page: scratch of 1 MiB each for runs of rows and for pixels, and 4 strips of 40 bytes.
        Assert.Equal((2 << 20) + (4 * 40), plain.Reader.ReadOverheadBytes([1, 10, 17]));
    }

    [Fact]
    public async Task Open_FileChangedSincePlanning_IsRefused()
    {
        using TestFolder folder = new();
        folder.Write("a.tif", await File.ReadAllBytesAsync(TiffFiles.Path("stack"), Token));
        string identity;
        await using (IArrayReader reader = await Sample.OpenAsync(folder.At("a.tif")))
        {
            identity = reader.Identity;
            await Sample.OpenAsync(folder.At("a.tif"), identity);
            folder.Write("a.tif", await File.ReadAllBytesAsync(TiffFiles.Path("stack_rgb"), Token));
            await Assert.ThrowsAsync<ObjectChangedException>(() => Sample.ReadAsync(reader, new Box([0, 0, 0], [1, 1, 1])));
        }

        await Assert.ThrowsAsync<ObjectChangedException>(async () => await Sample.OpenAsync(folder.At("a.tif"), identity));
    }
}
