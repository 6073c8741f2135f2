using Upweave.Contracts.Specification;
using Upweave.Kernels;
using Upweave.Planning;
using Upweave.Storage;
using Upweave.Storage.Arrays;
using Upweave.Tests;
using Upweave.Tiling;

namespace Upweave.Worker.Tests;

/// <summary>Tiles that are computed in several bands, against the definition of the whole output, converted element by element.</summary>
public sealed class OutputBandsTests
{
    [Theory]
    [InlineData("uint8")]
    [InlineData("int16")]
    [InlineData("float16")]
    [InlineData("float64")]
    public async Task Consume_TilesOfSeveralBands_EqualsTheDefinition(string dtype)
    {
        // 16-bit numbers whose bytes are turned around, in rows so long that 16 of the output are more than a band.
        Dims shape = [2, 37, 1500];
        byte[] stored = Numbers.Bytes(shape.Volume * 2);
        float[] input = [.. stored.Chunk(2).Select(pair => (float)(short)((pair[0] << 8) | pair[1]))];
        float[] weights = [.. Numbers.Floats(2 * 3 * 4 * 4, seed: 2).Select(weight => weight / 4096)];
        LayerSpecification layer = new() { Weights = "s/w.npy", Strides = [2, 2], Pads = [1, 1, 1, 1] };
        await using WorkerScene scene = await WorkerScene.StartAsync(
            "out.npy",
            folder =>
            {
                folder.WriteNpy("in.npy", ">i2", shape, stored);
                folder.WriteNpy("w.npy", [2, 3, 4, 4], weights);
            },
            layer, dtype, tile: [50, 3000], input, weights);
        PlanGeometry geometry = new(scene.Plan);
        Dims tile = geometry.Output.Spatial(geometry.Tiles.Tile);
        TileBands bands = TileBands.Of(geometry.Layer, tile, geometry.OutputType);
        Assert.True(bands.Extent * 2 < tile[0], $"Bands of {bands.Extent} do not cut {tile} into three.");

        await scene.ConsumeAsync(scene.Message(0, (int)scene.Plan.Prediction.Tiles));
        Assert.Equal("done 0+2", scene.Heard.Story);
        byte[] expected = new byte[scene.Expected.Length * geometry.OutputType.Size()];
        for (int index = 0; index < scene.Expected.Length; index++)
        {
            int size = geometry.OutputType.Size();
            ElementConverter.FromFloat32(scene.Expected.AsSpan(index, 1), geometry.OutputType, expected.AsSpan(index * size, size));
        }

        Assert.Equal(expected, await scene.CommitAsync("out.npy", geometry.Tiles.Shape));
    }

    [Theory]
    [InlineData(new long[] { 512, 512 }, new long[] { 256, 512 })]
    [InlineData(new long[] { 3, 5 }, new long[] { 3, 5 })]
    [InlineData(new long[] { 4096, 70_000 }, new long[] { 16, 70_000 })]
    [InlineData(new long[] { 1, 4096, 512 }, new long[] { 1, 256, 512 })]
    [InlineData(new long[] { 64, 64, 64 }, new long[] { 32, 64, 64 })]
    [InlineData(new long[] { 1_000_000 }, new long[] { 131_072 })]
    public void Of_AnyTile_IsHalfASecondLevelCache(long[] tile, long[] band)
    {
        Dims shape = Dims.Create(tile);
        TileBands bands = TileBands.Of(Layer(tile.Length), shape, ElementType.UInt8);
        Assert.Equal(Dims.Create(band), bands.Shape(shape));
        Box box = new(Dims.Repeat(7, tile.Length), shape);
        Assert.Equal(shape.Volume, bands.Cut(box).Sum(part => part.Volume));
        Assert.Equal(shape, TileBands.Of(Layer(tile.Length), shape, ElementType.Float32).Shape(shape));
    }

    private static ConvTransposeLayer Layer(int rank) => new()
    {
        InputChannels = 1,
        OutputChannels = 1,
        Groups = 1,
        Geometry = new ConvTransposeGeometry
        {
            Input = Dims.Repeat(1_000_000, rank),
            Kernel = Dims.Repeat(4, rank),
            Strides = Dims.Repeat(2, rank),
            PadsBegin = Dims.Repeat(1, rank),
            PadsEnd = Dims.Repeat(1, rank),
            OutputPadding = Dims.Repeat(0, rank),
            Dilations = Dims.Repeat(1, rank),
        },
    };
}
