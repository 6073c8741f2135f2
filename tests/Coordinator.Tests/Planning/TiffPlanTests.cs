using CsCheck;
using Upweave.Contracts;
using Upweave.Contracts.Plans;
using Upweave.Contracts.Specification;
using Upweave.Coordinator.Planning;
using Upweave.Kernels;
using Upweave.Planning;
using Upweave.Storage;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Storage.Tiff;
using Upweave.Tests;
using Upweave.Tiling;
using Upweave.Tiling.Tests;

namespace Upweave.Coordinator.Tests.Planning;

/// <summary>TIFFs are cut into tiles that their writer takes, whatever they are; where they cannot be, the problem says so.</summary>
public sealed class TiffPlanTests : IDisposable
{
    private static readonly ElementType[] Types = [.. Enum.GetValues<ElementType>().Where(type => type != ElementType.Bool)];

    private static readonly Gen<TileCase> Cases = Gen.Select(
        Gen.Long[1, 5000].Array[2, 3], Gen.Int[1, 20], Gen.Int[0, Types.Length - 1], Gen.Bool, Gen.Long[20, 34], Gen.Long[1, 1500].Array[3].Null(),
        (space, channels, type, isOme, memoryPower, asked) =>
            new TileCase(space, channels, Types[type], isOme, 1L << (int)memoryPower, asked?[..space.Length]));

    private readonly JobFolder folder = new();

    [Fact]
    public void Plan_AnyShapeAndBudget_IsWhatTheWriterTakes() => Property.Holds(Cases, test =>
    {
        if (TiffRules.Check("out", Shape(test), Axes(test.Space.Length).Axes, test.Type, test.IsOme).Count > 0)
            test = test with { Type = ElementType.Float32 };
        List<Problem> problems = [];
        TileDraft? draft = Plan(test, problems);
        if (draft is null)
        {
            Assert.NotEmpty(problems);
            return;
        }

        Create(test, draft);
    }, 400);

    /// <summary>Up to 2048 x 2048 of bytes, since the size of a compressed one must fit three.</summary>
    [Theory]
    [InlineData(new long[] { 2048, 2048 }, 3, ElementType.UInt8, 512)]
    [InlineData(new long[] { 46_000, 46_000 }, 1, ElementType.Float32, 512)]
    [InlineData(new long[] { 46_000, 46_000 }, 1, ElementType.UInt8, 1024)]
    [InlineData(new long[] { 30_000, 30_000 }, 1, ElementType.UInt8, 512)]
    [InlineData(new long[] { 300_000, 300_000 }, 1, ElementType.UInt8, 1024)]
    [InlineData(new long[] { 1_000_000, 1_000_000 }, 1, ElementType.UInt8, 2048)]
    [InlineData(new long[] { 2048, 2048, 2048 }, 1, ElementType.UInt16, 256)]
    [InlineData(new long[] { 50, 150_000, 150_000 }, 1, ElementType.UInt8, 2048)]
    [InlineData(new long[] { 20, 30 }, 1, ElementType.UInt8, 32)]
    public void Plan_LargeArray_TakesLargerTiffTiles(long[] space, int channels, ElementType type, long side)
    {
        TileCase test = new(space, channels, type, IsOme: false, 4L << 30, Asked: null);
        List<Problem> problems = [];
        TileDraft? draft = Plan(test, problems);
        Assert.Empty(problems);
        Assert.Equal(side, draft!.Chunk[^1]);
        Create(test, draft);
    }

    [Fact]
    public void Plan_TilesAskedForAreTooSmall_SaysHowManyBlocksAFileHas()
    {
        List<Problem> problems = [];
        Plan(new TileCase([50_000, 50_000], 1, ElementType.UInt8, IsOme: true, 4L << 30, [64, 64]), problems);
        Problem problem = Assert.Single(problems);
        Assert.Equal("tile", problem.Field);
        Assert.Contains("ome-tiff has at most 49900", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s/out.tif", "tiff", false)]
    [InlineData("s/out.TIFF", "tiff", false)]
    [InlineData("s/out.ome.tif", "ome-tiff", false)]
    [InlineData("s/out.OME.tiff", "ome-tiff", false)]
    [InlineData("s/out.png", "png", true)]
    public async Task PlanAsync_Ending_SaysTheFormat(string output, string format, bool isPicture)
    {
        folder.WriteNpy("in.npy", "|u1", [3, 20, 30], Numbers.Bytes(1800));
        JobPlan plan = await Plans.MakeAsync(folder, Plans.Nearest("s/in.npy", output));
        Assert.Equal((format, isPicture), (plan.Output.Format, plan.Output.IsPicture));
    }

    [Fact]
    public async Task PlanAsync_Volume_GoesToATiff()
    {
        folder.WriteNpy("in.npy", "|u1", [9, 20, 30], Numbers.Bytes(5400));
        JobSpecification specification = Plans.Nearest("s/in.npy", "s/out.tif") with { Layers = [new() { Preset = "nearest", Scale = [2, 2, 2] }] };
        JobPlan plan = await Plans.MakeAsync(folder, specification);
        Assert.Equal([18, 40, 60], plan.Output.Shape);
        Assert.Equal([1, 48, 64], plan.Output.Chunk);
        await using IArrayReader reader = await ArrayReaders.OpenAsync(folder.Stores, "s/in.npy", null, TestContext.Current.CancellationToken);
        TileFootprint footprint = new PlanGeometry(plan).Footprint(reader.ReadOverheadBytes);
        Assert.Equal(footprint.Total, plan.Prediction.TileBytes);
        Assert.True(footprint.Encoded >= plan.Prediction.BytesWritten / plan.Prediction.Tiles);
    }

    public void Dispose() => folder.Dispose();

    private static TileDraft? Plan(TileCase test, List<Problem> problems)
    {
        Dims space = Dims.Create(test.Space);
        int rank = space.Count;
        ConvTransposeLayer layer = new()
        {
            InputChannels = test.Channels,
            OutputChannels = test.Channels,
            Groups = test.Channels,
            Geometry = new ConvTransposeGeometry
            {
                Input = space,
                Kernel = Dims.Repeat(3, rank),
                Strides = Dims.Repeat(1, rank),
                PadsBegin = Dims.Repeat(1, rank),
                PadsEnd = Dims.Repeat(1, rank),
                OutputPadding = Dims.Repeat(0, rank),
                Dilations = Dims.Repeat(1, rank),
            },
        };
        AxisLayout axes = Axes(rank);
        OutputDraft output = new(
            test.IsOme ? "ome-tiff" : "tiff", false, new FormatDraft("deflate", null, null, Shard: false, Pyramid: false),
            Box.Whole(space), axes.Join(1, test.Channels, space), axes, test.Type, null);
        CoordinatorOptions options = new() { WorkerSlots = 2, WorkerMemoryBytes = test.Memory };
        InputReading reading = new(ElementType.UInt8, axes, KeptBytes: 0, box => 0);
        return new TilePlanner(options).Plan(layer, reading, output, test.Asked, problems);
    }

    /// <summary>The writer checks that tiles are whole TIFF tiles, and counts blocks, when it is made.</summary>
    private void Create(TileCase test, TileDraft draft)
    {
        IArrayWriter writer = ArrayWriters.Create(new LocalStore(folder.FileOf("")), new OutputLayout
        {
            Format = test.IsOme ? OutputFormat.OmeTiff : OutputFormat.Tiff,
            Path = "out",
            Owner = new string('a', 32),
            Shape = Shape(test),
            Type = test.Type,
            Axes = Axes(test.Space.Length).Axes,
            Tile = draft.Tile,
            Chunk = draft.Chunk,
        });
        Assert.InRange(TiffTiling.Blocks(writer.Layout), 1, TiffTiling.BlocksMax);
        Assert.Equal(draft.Footprint.Encoded, ArrayWriters.EncodedBytesMax(writer.Layout));
    }

    private static Dims Shape(TileCase test) => Axes(test.Space.Length).Join(1, test.Channels, Dims.Create(test.Space));

    private static AxisLayout Axes(int rank) => new(false, true, rank);

    private sealed record TileCase(long[] Space, int Channels, ElementType Type, bool IsOme, long Memory, long[]? Asked);
}
