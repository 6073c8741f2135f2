using System.Buffers.Binary;
using System.IO.Compression;
using Upweave.Contracts;
using Upweave.Contracts.Plans;
using Upweave.Contracts.Specification;
using Upweave.Coordinator.Planning;
using Upweave.Planning;
using Upweave.Storage.Arrays;
using Upweave.Tests;

namespace Upweave.Coordinator.Tests.Planning;

public sealed class NiftiPlanTests : IDisposable
{
    private readonly JobFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task PlanAsync_Volumes_AreABatchWithAPlace()
    {
        WriteNifti("in.nii", 7, 6, 5, 3);
        JobPlan plan = await Plans.MakeAsync(folder, Nearest("s/in.nii", "s/out.nii"));
        Assert.Equal(("nifti-1", "nzyx", "uint8", false), (plan.Input.Format, plan.Input.Axes, plan.Input.Dtype, plan.Input.IsPicture));
        Assert.Equal(("nifti", "nzyx", "uint8"), (plan.Output.Format, plan.Output.Axes, plan.Output.Dtype));
        Assert.Equal([3, 10, 12, 14], plan.Output.Shape);
        Assert.Equal((1, 14), (plan.Output.Tile[0], plan.Output.Tile[3])); // whole rows of one volume
        Assert.Equal((1, 1), (plan.Layers[0].InputChannels, plan.Layers[0].OutputChannels));
        // Twice as many elements over the same extent: the first one's centre is a quarter of the input's distance before its own.
        PlannedSpace space = plan.Output.Space!;
        Assert.Equal(("zyx", "mni"), (space.Axes, space.Frame));
        Assert.Equal([[2, 0, 0, 29], [0, 1.5, 0, 19.25], [0, 0, 1, 9.5]], space.Affine);
    }

    [Fact]
    public async Task PlanAsync_BatchAndMoreChannelsOut_HasBothAxes()
    {
        WriteNifti("in.nii", 7, 6, 5, 3);
        folder.WriteNpy("w.npy", [1, 2, 2, 2, 2], Numbers.Floats(16));
        JobPlan plan = await Plans.MakeAsync(folder, Plans.Weights("s/in.nii", "s/out.nii", new() { Weights = "s/w.npy", Strides = [2, 2, 2] }));
        Assert.Equal(("nzyx", "nczyx"), (plan.Input.Axes, plan.Output.Axes));
        Assert.Equal([3, 2, 10, 12, 14], plan.Output.Shape);
        // What the plan says is what a worker writes: the file has channels outside, and a tile is one run of each.
        IArrayWriter writer = ArrayWriters.Create(folder.Place("out.nii").Store, new PlanGeometry(plan).WriteLayout("out.nii"));
        using EncodedTile tile = writer.Encode(0, new byte[writer.Layout.Tiles()[0].Volume * sizeof(float)]);
        Assert.Equal(2, tile.Parts.Count);
    }

    [Fact]
    public async Task PlanAsync_CompressedVolume_IsIngested()
    {
        WriteCompressed(7, 6, 5, 3);
        JobPlan plan = await Plans.MakeAsync(folder, Nearest("s/in.nii.gz", "s/out.zarr"));
        Assert.Equal(("nifti-1", "nzyx", true), (plan.Input.Format, plan.Input.Axes, plan.Input.IsPicture));
        Assert.Equal([3, 10, 12, 14], plan.Output.Shape);
        OutputLayout scratch = new PlanGeometry(plan).IngestLayout("out.zarr");
        Assert.Equal(([1, 5, 6, 7], [3, 5, 6, 7]), (scratch.Tile, scratch.Shape));
    }

    [Fact]
    public async Task PlanAsync_CompressedVolumeBeyondTheBudget_IsAProblem()
    {
        WriteCompressed(400, 400, 300); // in strips of 192 planes
        PlanResult result = await Plans.Planner(folder, options => options.WorkerMemoryBytes = 80_000_000)
            .PlanAsync(Nearest("s/in.nii.gz", "s/out.zarr"), TestContext.Current.CancellationToken);
        Assert.StartsWith("Strips of s/in.nii.gz", Assert.Single(result.Problems).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s/out.nii.gz", null, "write .nii")]
    [InlineData("s/out.nii", "bool", "--dtype")]
    [InlineData("s/out.nii", "float16", "--dtype")]
    public async Task PlanAsync_OutputThatIsNotWritten_IsAProblemWithAHint(string output, string? dtype, string hint)
    {
        WriteNifti("in.nii", 7, 6, 5, 1);
        PlanResult result = await Plans.Planner(folder)
            .PlanAsync(Nearest("s/in.nii", output) with { Dtype = dtype }, TestContext.Current.CancellationToken);
        Problem problem = Assert.Single(result.Problems);
        Assert.Equal("output", problem.Field);
        Assert.Contains(hint, problem.Message + problem.Hint, StringComparison.Ordinal);
    }

    private static JobSpecification Nearest(string input, string output) => Plans.Nearest(input, output) with
    {
        Layers = [new LayerSpecification { Preset = "nearest", Scale = [2, 2, 2] }],
    };

    private void WriteCompressed(params short[] extents)
    {
        WriteNifti("in.nii", extents);
        using FileStream file = File.Create(folder.FileOf("in.nii.gz"));
        using GZipStream gzip = new(file, CompressionLevel.Fastest);
        gzip.Write(File.ReadAllBytes(folder.FileOf("in.nii")));
    }

    /// <summary>Bytes at distances of 2, 3 and 4 from (10,20,30) on, in MNI space, as nifti1.h documents the fields.</summary>
    private void WriteNifti(string name, params short[] extents)
    {
        byte[] file = new byte[352 + extents.Aggregate(1, (product, extent) => product * extent)];
        void Short(int at, short value) => BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(at), value);
        void Single(int at, float value) => BinaryPrimitives.WriteSingleLittleEndian(file.AsSpan(at), value);
        BinaryPrimitives.WriteInt32LittleEndian(file, 348);
        Short(40, (short)extents.Length);
        for (int axis = 0; axis < extents.Length; axis++)
        {
            Short(42 + (2 * axis), extents[axis]);
        }

        Short(70, 2);
        Single(108, 352);
        Short(254, 4);
        (int At, float Value)[] affine = [(280, 2), (292, 10), (300, 3), (308, 20), (320, 4), (324, 30)];
        Array.ForEach(affine, cell => Single(cell.At, cell.Value));
        "n+1\0"u8.CopyTo(file.AsSpan(344));
        File.WriteAllBytes(folder.FileOf(name), file);
    }
}
