using System.Diagnostics;
using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Storage.Tests.Tiff;

/// <summary>Which directories of a file are lower resolutions of its picture. What other software writes is in Interop.Tests.</summary>
public sealed class TiffLevelsTests : IDisposable
{
    private const ushort Width = 256, Height = 257, Subfile = 254, SubIfds = 330, Compression = 259;

    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("jpeg_pyramid")]
    [InlineData("pyramid_subifd")]
    public async Task Levels_OfLibvips_AreHalves(string name)
    {
        await using IArrayReader reader = await Sample.OpenAsync(TiffFiles.Path(name));
        Assert.Equal(["#0 [3, 70, 90]", "#1 [3, 35, 45]", "#2 [3, 17, 22]"], Texts(reader));
        await using IArrayReader second = await Sample.OpenAsync(TiffFiles.Path(name) + "#2");
        Assert.Equal([3, 17, 22], second.Info.Shape);
        Assert.Empty(second.Info.Levels);
        await using IArrayReader full = await Sample.OpenAsync(TiffFiles.Path(name) + "#0");
        Assert.Equal(await Sample.ReadAllAsync(TiffFiles.Path(name)), await Sample.ReadAsync(full, Box.Whole([3, 70, 90])));
    }

    [Theory]
    [InlineData("stack")]
    [InlineData("imagej")]
    [InlineData("ome_ctzyx")]
    [InlineData("plain_u1_le")]
    public async Task Levels_OfOtherFiles_AreNone(string name)
    {
        await using IArrayReader reader = await Sample.OpenAsync(TiffFiles.Path(name));
        Assert.Empty(reader.Info.Levels);
    }

    /// <summary>A mask of the same size, a mask of a level, a picture of another form, and a level: 64 x 33 to 16 x 8.</summary>
    [Fact]
    public async Task Levels_OfPages_AreSmallerPicturesOfTheSameForm()
    {
        TiffBuilder file = Grey(64, 33).Page();
        Add(file, 64, 33, subfile: 4);
        Add(file, 32, 17, subfile: 5);
        Add(file, 40, 30, subfile: 1);
        Add(file, 32, 17, subfile: 1, fill: 7);
        Add(file, 16, 8, subfile: 0, fill: 9);
        await using IArrayReader reader = await OpenAsync(file);
        Assert.Equal(["#0 [1, 33, 64]", "#1 [1, 17, 32]", "#2 [1, 8, 16]"], Texts(reader));
        Assert.All(await Sample.ReadAllAsync(folder.At("a.tif#1")), element => Assert.Equal(7, element));
        Assert.All(await Sample.ReadAllAsync(folder.At("a.tif#2")), element => Assert.Equal(9, element));
    }

    [Theory]
    [InlineData(2, 2, 1)]
    [InlineData(2, 1, 0)]
    [InlineData(1, 2, 0)]
    public async Task Levels_OfAStack_HaveAsManyPages(int planes, int halves, int levels)
    {
        TiffBuilder file = Grey(8, 8);
        for (int plane = 0; plane < planes; plane++)
        {
            file.Page();
        }

        for (int half = 0; half < halves; half++)
        {
            Add(file, 4, 4, subfile: 1, fill: (byte)half);
        }

        await using IArrayReader reader = await OpenAsync(file);
        Assert.Equal(levels, Math.Max(0, reader.Info.Levels.Count - 1));
        if (levels > 0)
            Assert.Equal(Fill(16, 0).Concat(Fill(16, 1)), await Sample.ReadAllAsync(folder.At("a.tif#1")));
    }

    [Fact]
    public async Task Levels_OneThatCannotBeRead_IsToldAndTheOthersAreRead()
    {
        TiffBuilder file = Grey(64, 64);
        file.With(Width, 32).With(Height, 32).With(Compression, 34712).Apart(out long rare)
            .With(Width, 16).With(Height, 16).With(Compression, 1).WithData(false, Fill(256, 5)).Apart(out long good)
            .With(Width, 64).With(Height, 64).WithData(false, Fill(64 * 64, 1)).With(SubIfds, rare, 4_000_000, good, 8).Page();
        await using IArrayReader reader = await OpenAsync(file);
        Assert.Equal(5, reader.Info.Levels.Count);
        Assert.Contains("compressed in the way 34712", reader.Info.Levels[1].Problem, StringComparison.Ordinal);
        Assert.Contains("is at byte 4000000", reader.Info.Levels[2].Problem, StringComparison.Ordinal);
        Assert.Equal([1, 16, 16], reader.Info.Levels[3].Shape);
        Assert.NotNull(reader.Info.Levels[4].Problem);
        Assert.All(await Sample.ReadAllAsync(folder.At("a.tif#3")), element => Assert.Equal(5, element));
        Assert.All(await Sample.ReadAllAsync(folder.At("a.tif")), element => Assert.Equal(1, element));
        foreach (string unreadable in (string[])["a.tif#1", "a.tif#2", "a.tif#4"])
        {
            await Assert.ThrowsAsync<InvalidArrayException>(async () => await Sample.OpenAsync(folder.At(unreadable)));
        }
    }

    /// <summary>A larger one, one of the same size, and what are no places.</summary>
    [Fact]
    public async Task Levels_SubIfdsThatAreNoLower_AreNone()
    {
        TiffBuilder file = Grey(8, 8);
        file.With(Width, 16).Apart(out long larger).With(Width, 8).Apart(out long equal);
        file.With(SubIfds, larger, equal, equal).Page();
        await using IArrayReader reader = await OpenAsync(file);
        Assert.Empty(reader.Info.Levels);
        await using IArrayReader text = await OpenAsync(Grey(8, 8).With(SubIfds, "abc").Page());
        Assert.All(text.Info.Levels.Skip(1), level => Assert.NotNull(level.Problem));
    }

    [Theory]
    [InlineData("9")]
    [InlineData("-1")]
    [InlineData("x")]
    [InlineData("")]
    public async Task Open_LevelThatIsNotThere_IsRefusedWithThoseThatAre(string level)
    {
        InvalidArrayException error = await Assert.ThrowsAsync<InvalidArrayException>(
            async () => await Sample.OpenAsync($"{TiffFiles.Path("jpeg_pyramid")}#{level}"));
        Assert.Contains($"the level '{level}', and the file has 0 to 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_PlanesWithFewerLevelsThanTheFirst_IsRefused()
    {
        TiffBuilder file = Grey(8, 8);
        file.With(Width, 4).With(Height, 4).WithData(false, Fill(16, 0)).Apart(out long half);
        file.With(Width, 8).With(Height, 8).WithData(false, Fill(64, 0)).With(SubIfds, half).Page().Without(SubIfds).Page();
        await using IArrayReader reader = await OpenAsync(file);
        Assert.Equal(["#0 [2, 8, 8]", "#1 [2, 4, 4]"], Texts(reader));
        InvalidArrayException error = await Assert.ThrowsAsync<InvalidArrayException>(async () => await Sample.OpenAsync(folder.At("a.tif#1")));
        Assert.Contains("has 0 SubIFDs in page 1", error.Message, StringComparison.Ordinal);
    }

    /// <summary>65,536 pages that have one SubIFD together, and one page of as many: of those no more are followed than there can be levels.</summary>
    [Theory]
    [InlineData(1 << 16, 1)]
    [InlineData(1, 1 << 16)]
    public async Task Open_VeryManyDirectories_TakesLittleTimeAndMemory(int pages, int subdirectories)
    {
        TiffBuilder file = Grey(2, 2);
        file.With(Width, 1).With(Height, 1).Apart(out long half);
        file.With(Width, 2).With(Height, 2).With(SubIfds, [.. Enumerable.Repeat(half, subdirectories)]);
        for (int page = 0; page < pages; page++)
        {
            file.Page();
        }

        Stopwatch watch = Stopwatch.StartNew();
        await using IArrayReader reader = await OpenAsync(file);
        Assert.InRange(reader.Info.Levels.Count, 2, 2);
        await using IArrayReader lower = await Sample.OpenAsync(folder.At("a.tif#1"));
        Assert.Equal(pages, lower.Info.Shape[0]);
        TestContext.Current.TestOutputHelper!.WriteLine($"{watch.Elapsed}");
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(60));
        Assert.InRange(lower.KeptBytes, 1, 64 << 20);
    }

    private static string[] Texts(IArrayReader reader) =>
        [.. reader.Info.Levels.Select(level => $"{level.Path} [{string.Join(", ", level.Shape!.Value)}]")];

    private static TiffBuilder Grey(int width, int height) =>
        TiffBuilder.Grey(width, height).WithData(false, new byte[width * height]);

    private static void Add(TiffBuilder file, int width, int height, int subfile, byte fill = 0) => file
        .With(Width, width).With(Height, height).With(278, height).With(Subfile, subfile).WithData(false, Fill(width * height, fill)).Page();

    private static byte[] Fill(int length, byte value) => [.. Enumerable.Repeat(value, length)];

    private async Task<IArrayReader> OpenAsync(TiffBuilder file)
    {
        folder.Write("a.tif", file.ToArray());
        return await Sample.OpenAsync(folder.At("a.tif"));
    }
}
