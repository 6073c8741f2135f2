using CsCheck;
using Upweave.Contracts.Plans;
using Upweave.Contracts.Specification;
using Upweave.Coordinator.Planning;
using Upweave.Planning;
using Upweave.Storage;
using Upweave.Storage.Arrays;
using Upweave.Tests;
using Upweave.Tiling;
using Upweave.Tiling.Tests;

namespace Upweave.Coordinator.Tests.Planning;

public sealed class GoodPlanTests : IDisposable
{
    private readonly JobFolder folder = new();

    [Theory]
    // ONNX's formulas by hand; input 5, kernel 4. Full output at stride 2: (5-1)*2+4 = 12; at stride 3: 16.
    [InlineData(2, null, null, 12, 0, 0)]
    [InlineData(2, "NOTSET", null, 12, 0, 0)]
    [InlineData(2, "VALID", null, 12, 0, 0)]
    [InlineData(2, "SAME_UPPER", null, 10, 1, 1)]
    [InlineData(3, "SAME_UPPER", null, 15, 0, 1)]
    [InlineData(3, "SAME_LOWER", null, 15, 1, 0)]
    [InlineData(2, null, 9L, 9, 2, 1)]
    [InlineData(2, "SAME_UPPER", 9L, 9, 1, 2)]
    [InlineData(2, null, 14L, 14, 0, -2)] // an extension goes to the end
    public async Task PlanAsync_AutoPadAndOutputShape_FollowTheFormula(
        long stride, string? autoPad, long? wanted, long extent, long begin, long end)
    {
        folder.WriteNpy("in.npy", [5], Numbers.Floats(5));
        folder.WriteNpy("w.npy", [1, 1, 4], Numbers.Floats(4));
        LayerSpecification layer = new() { Weights = "s/w.npy", Strides = [stride], AutoPad = autoPad, OutputShape = wanted is long w ? [w] : null };
        JobPlan plan = await Plans.MakeAsync(folder, Plans.Weights("s/in.npy", "s/out.npy", layer));
        Assert.Equal([extent], plan.Output.Shape);
        Assert.Equal([begin], plan.Layers[0].PadsBegin);
        Assert.Equal([end], plan.Layers[0].PadsEnd);
    }

    [Theory]
    [InlineData("nearest", 2, 2, 0)]
    [InlineData("linear", 2, 4, 1)] // K = 2s, pad s/2
    [InlineData("linear", 3, 5, 1)] // K = 2s-1, pad (s-1)/2
    [InlineData("bicubic", 2, 8, 3)] // K = 4s, pad 3s/2
    [InlineData("bicubic", 3, 11, 4)] // K = 4s-1, pad (3s-1)/2
    public async Task PlanAsync_Preset_HasItsAttributes(string preset, long scale, long kernel, long pad)
    {
        folder.WriteNpy("in.npy", "|u1", [3, 5, 7], Numbers.Bytes(105));
        JobSpecification specification = Plans.Nearest("s/in.npy", "s/out.npy") with { Layers = [new() { Preset = preset, Scale = [scale, scale] }] };
        JobPlan plan = await Plans.MakeAsync(folder, specification);
        PlannedLayer layer = Assert.Single(plan.Layers);
        Assert.Equal([kernel, kernel], layer.Kernel);
        Assert.Equal([pad, pad], layer.PadsBegin);
        Assert.Equal([pad, pad], layer.PadsEnd);
        Assert.Equal([scale, scale], layer.Strides);
        Assert.Equal((3, 3, 3, "replicate"), (layer.InputChannels, layer.OutputChannels, layer.Group, layer.Border));
        Assert.Equal([3, 5 * scale, 7 * scale], plan.Output.Shape);
        Assert.Equal(("uint8", "cyx"), (plan.Output.Dtype, plan.Output.Axes));
    }

    [Fact]
    public async Task PlanAsync_Weights_DefaultToFloat32AndZeroBorder()
    {
        folder.WriteNpy("in.npy", "|u1", [2, 2, 5, 7], Numbers.Bytes(140));
        folder.WriteNpy("w.npy", [2, 3, 2, 2], Numbers.Floats(24));
        JobPlan plan = await Plans.MakeAsync(
            folder, Plans.Weights("s/in.npy", "s/out.zarr", new() { Weights = "s/w.npy", Strides = [2], Group = 2 }) with { Region = [[1, 9], [2, 14]] });
        Assert.Equal([2, 6, 8, 12], plan.Output.Shape);
        Assert.Equal([1, 2], plan.Output.RegionOrigin);
        Assert.Equal(("float32", "zarr", "ncyx"), (plan.Output.Dtype, plan.Output.Format, plan.Output.Axes));
        Assert.Equal(("zero", 2, 6), (plan.Layers[0].Border, plan.Layers[0].Group, plan.Layers[0].OutputChannels));
        Assert.Equal(2 * 6 * 8 * 12 * 4, plan.Prediction.BytesWritten);
        Assert.Equal(2.0 * 2 * 6 * 8 * 12 * 1 * 1, plan.Prediction.Flops); // one input channel per group, 4 taps / 4
    }

    [Fact]
    public async Task PlanAsync_OneChannelOut_KeepsTheAxesOfTheInput()
    {
        folder.WriteNpy("in.npy", [5, 7], Numbers.Floats(35));
        folder.WriteNpy("w.npy", [1, 3, 2, 2], Numbers.Floats(12));
        JobPlan plan = await Plans.MakeAsync(folder, Plans.Weights("s/in.npy", "s/out.npy", new() { Weights = "s/w.npy" }));
        Assert.Equal(("yx", "cyx"), (plan.Input.Axes, plan.Output.Axes));
        Assert.Equal([3, 6, 8], plan.Output.Shape);
    }

    [Fact]
    public async Task PlanAsync_SameSpecification_IsTheSamePlan()
    {
        folder.WriteNpy("in.npy", [8, 6], Numbers.Floats(48));
        JobPlan one = await Plans.MakeAsync(folder, Plans.Nearest("s/in.npy", "s/out.npy"));
        JobPlan two = await Plans.MakeAsync(folder, Plans.Nearest("s/in.npy", "s/out.npy"));
        Assert.Equal(one.Hash, two.Hash);
        Assert.Matches("^[0-9a-f]{32}$", one.Hash);
    }

    [Fact]
    public void PlanAsync_AnyShapeAndBudget_FitsAndIsAligned() => Property.Holds(TileCases, test =>
    {
        (OutputDraft output, CoordinatorOptions options, Kernels.ConvTransposeLayer layer) = test.Build();
        List<Contracts.Problem> problems = [];
        InputReading reading = new(ElementType.Float32, output.Axes, KeptBytes: test.Memory / 4, box => box.Volume);
        TileDraft? draft = new TilePlanner(options).Plan(layer, reading, output, test.Asked, problems);
        if (draft is null)
        {
            Assert.NotEmpty(problems);
            return;
        }

        TileGrid grid = new(output.Shape, draft.Tile);
        Assert.InRange(grid.Count, 1, TilePlanner.TilesMax);
        long held = TileFootprint.TilesHeld(options.WorkerSlots);
        Assert.True((held * draft.Footprint.Total) + Kernels.KernelSelector.PackedBytes(layer) + reading.KeptBytes <= options.WorkerMemoryBytes);
        Dims tile = output.Axes.Spatial(draft.Tile);
        long read = output.Axes.Join(1, layer.InputChannels, TileFootprint.ReadShape(layer, tile)).Volume;
        long encoded = ArrayWriters.EncodedBytesMax(new OutputLayout
        {
            Format = output.Format == "npy" ? OutputFormat.Npy : OutputFormat.Zarr,
            Path = "",
            Owner = "",
            Shape = output.Shape,
            Type = output.Type,
            Tile = draft.Tile,
            Chunk = draft.Chunk,
        });
        Assert.Equal(TileFootprint.Of(layer, tile, ElementType.Float32, output.Type, read, encoded), draft.Footprint);
        if (output.Format == "npy")
            AssertRuns(output, grid);
        else
            AssertChunks(grid, draft.Chunk);
    }, 400);

    /// <summary>Reading inputs twice costs more than holding them; but memory is a bound.</summary>
    [Theory]
    [InlineData(4L << 30, 16, 256)] // of 16 planes, 22 are read; of 8 it would be 14
    [InlineData(384L << 20, 8, 256)]
    [InlineData(64L << 20, 1, 64)]
    public void PlanAsync_WideKernel_TakesLargerTilesWhereMemoryAllows(long memory, long planes, long rows)
    {
        TileCase test = new([256, 256, 256], Channels: 8, IsNpy: true, Slots: 2, memory, AskedOfThree: null);
        (OutputDraft output, CoordinatorOptions options, Kernels.ConvTransposeLayer layer) = test.Build(kernel: 7);
        InputReading reading = new(ElementType.Float32, output.Axes, KeptBytes: 0, _ => 0);
        TileDraft draft = new TilePlanner(options).Plan(layer, reading, output, asked: null, [])!;
        Assert.Equal([planes, rows, 256], output.Axes.Spatial(draft.Tile));
    }

    public void Dispose() => folder.Dispose();

    private static readonly Gen<TileCase> TileCases = Gen.Select(
        Gen.Long[1, 3000].Array[1, 3], Gen.Int[1, 6], Gen.Bool, Gen.Int[1, 8], Gen.Long[16, 34], Gen.Long[1, 700].Array[3].Null(),
        (space, channels, npy, slots, memoryPower, asked) => new TileCase(space, channels, npy, slots, 1L << (int)memoryPower, asked));

    /// <summary>Every channel of a tile is one run of bytes: at most one axis is cut, all before it are 1, all after it whole.</summary>
    private static void AssertRuns(OutputDraft output, TileGrid grid)
    {
        Dims tile = output.Axes.Spatial(grid.Tile);
        Dims space = output.Region.Shape;
        int cut = Enumerable.Range(0, tile.Count).FirstOrDefault(axis => tile[axis] != 1, tile.Count - 1);
        Assert.All(Enumerable.Range(cut + 1, tile.Count - cut - 1), axis => Assert.Equal(space[axis], tile[axis]));
        Assert.True(grid.Count * output.Axes.Channels(output.Shape) < 50_000);
    }

    /// <summary>On an axis with more than one tile a tile is whole chunks; a chunk never reaches beyond a tile.</summary>
    private static void AssertChunks(TileGrid grid, Dims chunk)
    {
        for (int axis = 0; axis < chunk.Count; axis++)
        {
            Assert.True(grid.Counts[axis] == 1 || grid.Tile[axis] % chunk[axis] == 0, $"Tile {grid.Tile}, chunk {chunk}.");
            Assert.True(chunk[axis] <= grid.Tile[axis] || grid.Tile[axis] == grid.Shape[axis], $"Tile {grid.Tile}, chunk {chunk}.");
        }
    }

    private sealed record TileCase(long[] Space, int Channels, bool IsNpy, int Slots, long Memory, long[]? AskedOfThree)
    {
        public long[]? Asked => AskedOfThree?[..Space.Length];

        public (OutputDraft, CoordinatorOptions, Kernels.ConvTransposeLayer) Build(long kernel = 3)
        {
            int rank = Space.Length;
            Dims space = Dims.Create(Space);
            Kernels.ConvTransposeLayer layer = new()
            {
                InputChannels = Channels,
                OutputChannels = Channels,
                Groups = Channels,
                Geometry = new ConvTransposeGeometry
                {
                    Input = space,
                    Kernel = Dims.Repeat(kernel, rank),
                    Strides = Dims.Repeat(1, rank),
                    PadsBegin = Dims.Repeat(kernel / 2, rank),
                    PadsEnd = Dims.Repeat(kernel / 2, rank),
                    OutputPadding = Dims.Repeat(0, rank),
                    Dilations = Dims.Repeat(1, rank),
                },
            };
            AxisLayout axes = new(false, true, rank);
            OutputDraft output = new(
                IsNpy ? "npy" : "zarr", false, new FormatDraft(IsNpy ? "none" : "zstd", null, null, Shard: false, Pyramid: false),
                Box.Whole(space), axes.Join(1, Channels, space), axes, ElementType.Float32, null);
            return (output, new CoordinatorOptions { WorkerSlots = Slots, WorkerMemoryBytes = Memory }, layer);
        }
    }
}
