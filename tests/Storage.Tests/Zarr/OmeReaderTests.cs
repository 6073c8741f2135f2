using System.Text;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Tiling;

namespace Upweave.Storage.Tests.Zarr;

/// <summary>Groups: OME-Zarr of every version means its highest resolution, with its axes and its place in the world.</summary>
public sealed class OmeReaderTests : IDisposable
{
    private const string Axes = """
        [{"name": "t", "type": "time", "unit": "second"}, {"name": "c"}, {"name": "y", "unit": "micrometer"}, {"name": "x", "unit": null}]
        """;

    private const string Dataset = """
        {"path": "a/0", "coordinateTransformations": [{"type": "scale", "scale": [1, 1, 0.5, 0.25]},
                                                      {"type": "translation", "translation": [0, 0, 10, -4]}]}
        """;

    private readonly TestFolder folder = new();
    private readonly Sample sample = Sample.Random(new Random(3), [2, 1, 5, 7], ElementType.Int16);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Open_Image_HasAxesLevelsAndTransformationsComposed()
    {
        Write($$$"""
            {"ome": {"version": "0.5", "multiscales": [{"axes": {{{Axes}}}, "datasets": [{{{Dataset}}}, {"path": "a/1"}],
             "coordinateTransformations": [{"type": "scale", "scale": [3, 1, 2, 2]}, {"type": "identity"},
                                           {"type": "translation", "translation": [1, 1, 100, 200]}]}]}}
            """);
        await using IArrayReader reader = await Sample.OpenAsync(folder.At("x"));
        Assert.Equal(sample.Bytes, await Sample.ReadAsync(reader, Box.Whole(sample.Shape)));
        Assert.Equal(("OME-Zarr 0.5 (zarr v3)", "ncyx"), (reader.Info.Format, reader.Info.Axes));
        Assert.Equal(["a/0", "a/1"], reader.Info.Levels.Select(level => level.Path));
        ArraySpace space = Assert.IsType<ArraySpace>(reader.Info.Space);
        // 2 * (0.5 * index + 10) + 100, and 2 * (0.25 * index - 4) + 200.
        Assert.Equal("yx", space.Axes);
        Assert.Equal([1, 0.5], space.Scale);
        Assert.Equal([120, 192], space.Translation);
        Assert.Equal(["micrometer", null], space.Units);
    }

    [Theory]
    [InlineData("""{"multiscales": [{"version": "0.1", "datasets": [{"path": "a/0"}]}]}""", null, "zarr v3")]
    [InlineData("""{"multiscales": [{"version": "0.3", "axes": ["t", "c", "y", "x"], "datasets": [{"path": "a/0"}]}]}""", "ncyx", "0.3")]
    [InlineData("""{"multiscales": [{"axes": ["c", "t", "y", "x"], "datasets": [{"path": "a/0"}]}]}""", null, "OME-Zarr (zarr v3)")]
    [InlineData("""{"multiscales": [{"axes": ["T", "C", "Y", "X"], "datasets": [{"path": "a/0"}]}]}""", "ncyx", "OME-Zarr (zarr v3)")]
    [InlineData("""{"multiscales": [{"axes": ["angle", "c", "y", "x"], "datasets": [{"path": "a/0"}]}]}""", null, "OME-Zarr (zarr v3)")]
    public async Task Open_OlderVersionsAndOtherAxes_SayWhatIsKnown(string attributes, string? axes, string format)
    {
        Write(attributes);
        await using IArrayReader reader = await Sample.OpenAsync(folder.At("x"));
        Assert.Equal(axes, reader.Info.Axes);
        Assert.Contains(format, reader.Info.Format, StringComparison.Ordinal);
        Assert.Null(reader.Info.Space);
        Assert.Equal(sample.Bytes, await Sample.ReadAsync(reader, Box.Whole(sample.Shape)));
    }

    [Fact]
    public async Task Open_FiveAxesWithoutNames_AreThoseOfTheFirstVersions()
    {
        Sample five = Sample.Random(new Random(3), [1, 2, 3, 4, 5], ElementType.UInt8);
        new ZarrFolder { Sample = five, Chunk = [1, 1, 3, 4, 5] }.Write(folder, "x/0");
        WriteGroup("x", """{"multiscales": [{"version": "0.1", "datasets": [{"path": "0"}]}]}""");
        await using IArrayReader reader = await Sample.OpenAsync(folder.At("x"));
        Assert.Equal("nczyx", reader.Info.Axes);
    }

    [Fact]
    public async Task Open_TransformationOfAKindNotKnown_HasNoPlace()
    {
        Write($$$"""
            {"ome": {"multiscales": [{"axes": {{{Axes}}}, "datasets": [{{{Dataset}}}],
             "coordinateTransformations": [{"type": "affine", "affine": [[1]]}]}]}}
            """);
        await using IArrayReader reader = await Sample.OpenAsync(folder.At("x"));
        Assert.Equal("ncyx", reader.Info.Axes);
        Assert.Null(reader.Info.Space);
    }

    [Theory]
    [InlineData("""{"path": "../other/0"}""", "'..'")]
    [InlineData("""{"path": "/etc"}""", "'/etc'")]
    [InlineData("""{"path": ""}""", "empty")]
    [InlineData("""{"path": 3}""", "without a path")]
    [InlineData("""{}""", "without a path")]
    [InlineData("""{"path": "a/7"}""", "'", "a/7")]
    [InlineData("""{"path": "a"}""", "no array")]
    [InlineData("""{"path": "a/0", "coordinateTransformations": [{"type": "scale", "scale": [1, 2]}]}""", "scale of 2 numbers")]
    [InlineData("""{"path": "a/0", "coordinateTransformations": [{"type": "scale", "scale": [1, 1, 0, 1]}]}""", "other than 0")]
    [InlineData("""{"path": "a/0", "coordinateTransformations": [{"type": "translation", "translation": [1, 1, "1", 1]}]}""", "finite")]
    public async Task Open_DatasetMalformed_SaysWhy(string dataset, params string[] expected)
    {
        Sample other = Sample.Random(new Random(3), [2], ElementType.UInt8);
        new ZarrFolder { Sample = other, Chunk = [2] }.Write(folder, "other/0");
        Write($$$"""{"ome": {"multiscales": [{"axes": {{{Axes}}}, "datasets": [{{{dataset}}}]}]}}""");
        InvalidArrayException error = await Assert.ThrowsAsync<InvalidArrayException>(async () => await Sample.OpenAsync(folder.At("x")));
        Assert.All(expected, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.Contains("/x'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{}""", "multiscales", "path of an array")]
    [InlineData("""{"ome": {"version": "0.5"}}""", "multiscales", "path of an array")]
    [InlineData("""{"multiscales": {}}""", "multiscales", "path of an array")]
    [InlineData("""{"multiscales": []}""", "multiscales", "path of an array")]
    [InlineData("""{"multiscales": [3]}""", "0 datasets", "attributes")]
    [InlineData("""{"multiscales": [{"axes": ["y", "x"], "datasets": [{"path": "a/0"}]}]}""", "names 2 axes", "attributes")]
    [InlineData("""{"multiscales": [{"axes": [{}, 3], "datasets": [{"path": "a/0"}]}]}""", "axis without a name", "attributes")]
    [InlineData("""{"bioformats2raw.layout": 3}""", "multiscales", "/0")]
    [InlineData("[]", "multiscales", "path of an array")]
    public async Task Open_GroupThatIsNoImage_SaysSoWithAHint(string attributes, string message, string hint)
    {
        Write(attributes);
        InvalidArrayException error = await Assert.ThrowsAsync<InvalidArrayException>(async () => await Sample.OpenAsync(folder.At("x")));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(hint, error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_MetadataOfGroupOrLevelChangedAfterPlanning_IsObjectChanged()
    {
        string image = $$$"""{"ome": {"multiscales": [{"axes": {{{Axes}}}, "datasets": [{{{Dataset}}}]}]}}""";
        Write(image);
        await using IArrayReader planned = await Sample.OpenAsync(folder.At("x"));
        await using IArrayReader worker = await Sample.OpenAsync(folder.At("x"), planned.Identity);
        Assert.Equal(planned.Identity, worker.Identity);
        WriteGroup("x", image.Replace("0.25", "0.26", StringComparison.Ordinal));
        await Assert.ThrowsAsync<ObjectChangedException>(async () => await Sample.OpenAsync(folder.At("x"), planned.Identity));
        WriteGroup("x", image);
        await using IArrayReader again = await Sample.OpenAsync(folder.At("x"), planned.Identity);
        new ZarrFolder { Sample = sample, Chunk = [1, 1, 5, 7] }.Write(folder, "x/a/0");
        await Assert.ThrowsAsync<ObjectChangedException>(async () => await Sample.OpenAsync(folder.At("x"), planned.Identity));
    }

    [Fact]
    public async Task OmeZarr_WrittenHere_ReadsBackWithAxesAndPlace()
    {
        OutputLayout layout = new()
        {
            Format = OutputFormat.OmeZarr,
            Path = "out.ome.zarr",
            Owner = "plan1",
            Shape = sample.Shape,
            Type = sample.Type,
            Axes = "ncyx",
            Space = ArraySpace.Of("yx", [0.5, 0.25], [-1.5, 3], ["micrometer", null]),
            Tile = [1, 1, 4, 8],
            Chunk = [1, 1, 2, 4],
            IsSharded = true,
        };
        IArrayWriter writer = ArrayWriters.Create(folder.Store, layout);
        for (long index = 0; index < layout.Tiles().Count; index++)
        {
            using EncodedTile tile = writer.Encode(index, sample.Cut(layout.Tiles()[index]));
            await writer.WriteAsync(tile, Cancelled);
        }

        Assert.True(await writer.CommitAsync(WriteCondition.IfAbsent, Cancelled));
        await using IArrayReader reader = await Sample.OpenAsync(folder.At("out.ome.zarr"));
        Assert.Equal(sample.Bytes, await Sample.ReadAsync(reader, Box.Whole(sample.Shape)));
        Assert.Equal(("ncyx", layout.Chunk), (reader.Info.Axes, reader.Info.Chunk!.Value));
        Assert.Equal(["0"], reader.Info.Levels.Select(level => level.Path));
        Assert.Equal(layout.Space.Scale, reader.Info.Space!.Scale);
        Assert.Equal(layout.Space.Translation, reader.Info.Space.Translation);
        Assert.Equal(layout.Space.Units, reader.Info.Space.Units);
        await using IArrayReader level = await Sample.OpenAsync(folder.At("out.ome.zarr/0"));
        Assert.Equal("ncyx", level.Info.Axes);
    }

    /// <summary>The array at a/0 and the group.</summary>
    private void Write(string attributes)
    {
        new ZarrFolder { Sample = sample, Chunk = [1, 1, 3, 4] }.Write(folder, "x/a/0");
        WriteGroup("x", attributes);
    }

    private void WriteGroup(string path, string attributes) => folder.Write($"{path}/zarr.json", Encoding.UTF8.GetBytes(
        $$$"""{"zarr_format": 3, "node_type": "group", "attributes": {{{attributes}}}}"""));
}
