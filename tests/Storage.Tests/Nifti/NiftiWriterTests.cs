using Upweave.Storage.Arrays;
using Upweave.Storage.Nifti;
using Upweave.Storage.Stores;
using Upweave.Tiling;

namespace Upweave.Storage.Tests.Nifti;

public sealed class NiftiWriterTests : IDisposable
{
    private readonly TestFolder folder = new();

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 30)];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Write_Volume_IsTheFileThatNibabelMakes()
    {
        ArraySpace place = new()
        {
            Axes = "zyx",
            Affine = [[-1.5, 0.5, 0, 2], [0.125, 3, -0.5, 7], [0, 0.25, 2, -5]],
            Units = ["millimeter", "millimeter", "millimeter"],
        };
        OutputLayout layout = Layout([3, 4, 5], ElementType.UInt16, "zyx", [1, 4, 5]) with
        {
            Space = place, Provenance = """{"software":"Upweave"}""",
        };
        await CheckFileAsync("volume", layout, Pattern(layout));
    }

    [Fact]
    public async Task Write_ChannelsAndBatchInAPlane_IsTheFileThatNibabelMakes()
    {
        OutputLayout layout = Layout([2, 3, 3, 4], ElementType.Float32, "ncyx", [1, 3, 2, 4]);
        Sample stored = new([3, 2, 3, 4], ElementType.Float32, Pattern(layout)); // channels outside, as the file has them
        List<byte> elements = [];
        for (int place = 0; place < 6; place++)
        {
            elements.AddRange(stored.Cut(new Box([place % 3, place / 3, 0, 0], [1, 1, 3, 4])));
        }

        await CheckFileAsync("channels_and_batch", layout, [.. elements], stored.Bytes);
    }

    [Fact]
    public async Task Write_ExtentBeyondVersion1_IsVersion2AsNibabelMakesIt()
    {
        OutputLayout layout = Layout([2, 32768], ElementType.UInt8, "yx", [1, 32768]) with
        {
            Space = ArraySpace.Of("yx", [250, 0.5], [0, 0], ["nanometer", "micrometer"]),
            Provenance = "{}",
        };
        await CheckFileAsync("long", layout, Pattern(layout));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Write_RandomTilesInRandomOrder_ReadsBack(int seed)
    {
        Random random = new(seed);
        string axes = new[] { "x", "yx", "zyx", "nzyx", "czyx", "nczyx" }[random.Next(6)];
        Sample sample = Sample.Random(
            random, Dims.Build(axes.Length, _ => random.Next(2, 6)), random.Next(2) == 0 ? ElementType.Int16 : ElementType.Float64);
        Dims tile = Dims.Build(axes.Length, axis => axes[axis] == 'n' ? 1 : random.Next(1, 6));
        OutputLayout layout = Layout(sample.Shape, sample.Type, axes, tile);
        int[] order = [.. Enumerable.Range(0, (int)layout.Tiles().Count)];
        random.Shuffle(order);
        await WriteAsync(layout, sample.Bytes, order);
        await using IArrayReader reader = await Sample.OpenAsync(folder.At(layout.Path));
        Assert.Equal((sample.Shape, sample.Type, axes), (reader.Info.Shape, reader.Info.Type, reader.Info.Axes));
        Assert.Equal(sample.Bytes, await Sample.ReadAsync(reader, Box.Whole(sample.Shape)));
    }

    [Theory]
    [InlineData("v1_big_i16_qform.nii")]
    [InlineData("v2_i64.nii")]
    [InlineData("v2_big_u32_all.nii")]
    public async Task Copy_FileOfOtherSoftware_KeepsElementsAndPlace(string name)
    {
        await using IArrayReader reader = await Sample.OpenAsync(NiftiCases.PathOf(name));
        IArrayWriter writer = ArrayWriters.Create(folder.Store, CopyLayout.For(reader.Info, OutputFormat.Nifti, "copy.nii", "copy"));
        Assert.True(await ArrayCopier.CopyAsync(reader, writer, WriteCondition.IfAbsent, null, Cancelled));
        await using IArrayReader copy = await Sample.OpenAsync(folder.At("copy.nii"));
        Assert.Equal(await Sample.ReadAllAsync(NiftiCases.PathOf(name)), await Sample.ReadAsync(copy, Box.Whole(copy.Info.Shape)));
        Assert.Equal((reader.Info.Type, reader.Info.Axes), (copy.Info.Type, copy.Info.Axes));
        Assert.Equal((reader.Info.Space!.Frame, reader.Info.Space.Units[0]), (copy.Info.Space!.Frame, copy.Info.Space.Units[0]));
        Assert.All(
            reader.Info.Space.Affine.Zip(copy.Info.Space.Affine),
            rows => Assert.All(rows.First.Zip(rows.Second), cells => Assert.Equal(cells.First, cells.Second, 1e-6)));
    }

    [Fact]
    public void Create_TileThatTheFileHasInAnotherOrder_IsRefused() => Assert.Throws<ArgumentException>(
        () => ArrayWriters.Create(folder.Store, Layout([2, 2, 3, 4], ElementType.UInt8, "ncyx", [2, 2, 3, 4])));

    [Theory]
    [InlineData(ElementType.Bool, "zyx", "not bool")]
    [InlineData(ElementType.Float16, "zyx", "not float16")]
    [InlineData(ElementType.UInt8, "qyx", "not qyx")]
    public void Check_WhatNiftiDoesNotHold_IsToldWithAHint(ElementType type, string axes, string said)
    {
        string problem = Assert.Single(NiftiOutput.Check("x.nii", [2, 3, 4], type, axes));
        Assert.Contains(said, problem);
        Assert.Contains("hint:", problem);
    }

    [Fact]
    public void Check_TooManyAxes_IsTold()
    {
        Assert.Single(NiftiOutput.Check("x.nii", Dims.Repeat(2, 6), ElementType.UInt8, null));
        Assert.Empty(NiftiOutput.Check("x.nii", Dims.Repeat(2, 5), ElementType.UInt8, null));
    }

    private static OutputLayout Layout(Dims shape, ElementType type, string axes, Dims tile) => new()
    {
        Format = OutputFormat.Nifti,
        Path = "out.nii",
        Owner = "plan1",
        Shape = shape,
        Type = type,
        Axes = axes,
        Tile = tile,
        Chunk = tile,
    };

    /// <summary>The numbers that make.py puts into its files: 0 to 250, again and again.</summary>
    private static byte[] Pattern(OutputLayout layout) => [.. Enumerable.Range(0, (int)layout.Shape.Volume).SelectMany(index =>
        layout.Type switch
        {
            ElementType.UInt16 => BitConverter.GetBytes((ushort)(index % 251)),
            ElementType.Float32 => BitConverter.GetBytes((float)(index % 251)),
            _ => [(byte)(index % 251)],
        })];

    private async Task CheckFileAsync(string name, OutputLayout layout, byte[] elements, byte[]? stored = null)
    {
        await WriteAsync(layout, elements, [.. Enumerable.Range(0, (int)layout.Tiles().Count)]);
        byte[] header = await File.ReadAllBytesAsync(NiftiCases.PathOf(name + ".header"), Cancelled);
        byte[] file = await File.ReadAllBytesAsync(folder.At("out.nii"), Cancelled);
        Assert.Equal(Convert.ToHexString(header), Convert.ToHexString(file.AsSpan(0, header.Length)));
        Assert.Equal(stored ?? elements, file[header.Length..]);
    }

    private async Task WriteAsync(OutputLayout layout, byte[] elements, int[] order)
    {
        Sample sample = new(layout.Shape, layout.Type, elements);
        IArrayWriter writer = ArrayWriters.Create(folder.Store, layout);
        foreach (int tile in order)
        {
            using EncodedTile encoded = writer.Encode(tile, sample.Cut(layout.Tiles()[tile]));
            await writer.WriteAsync(encoded, Cancelled);
        }

        Assert.True(await writer.CommitAsync(WriteCondition.IfAbsent, Cancelled));
    }
}
