using Upweave.Contracts.Plans;
using Upweave.Contracts.Specification;
using Upweave.Planning;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Tests;
using Upweave.Tiling;
using Upweave.Worker.Pictures;

namespace Upweave.Worker.Tests;

public sealed class NiftiIngestTests : IDisposable
{
    private readonly JobFolder folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("v1_u8_scaled.nii.gz", "<f4")]
    [InlineData("v2_big_i16_all.nii.gz", "<i2")]
    public async Task IngestAsync_CompressedVolume_GivesWhatNibabelReads(string name, string type)
    {
        string data = Path.Combine(AppContext.BaseDirectory, "data", "nifti", name);
        File.Copy(data, folder.FileOf(name));
        File.Copy(data + ".npy", folder.FileOf("expected.npy"));
        JobPlan plan = await Plans.MakeAsync(folder, Plans.Nearest("s/" + name, "s/out.nii") with
        {
            Layers = [new LayerSpecification { Preset = "nearest", Scale = [2, 2, 2] }],
        });
        StoreLocation output = folder.Place("out.nii");
        await new PictureTasks(folder.Stores).IngestAsync(plan, output, Cancelled);
        OutputLayout layout = new PlanGeometry(plan).IngestLayout(output.Path);
        Assert.True(await ArrayWriters.Create(output.Store, layout).CommitAsync(WriteCondition.Always, Cancelled));
        await using IArrayReader scratch = await ArrayReaders.OpenAsync(output with { Path = layout.Path }, null, Cancelled);
        byte[] elements = new byte[scratch.Info.ByteCount];
        await scratch.ReadAsync(Box.Whole(scratch.Info.Shape), elements, Cancelled);
        Assert.Equal(folder.ReadNpy("expected.npy", type, layout.Shape), elements);
    }
}
