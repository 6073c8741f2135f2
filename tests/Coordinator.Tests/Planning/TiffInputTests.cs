using Upweave.Contracts.Plans;
using Upweave.Storage.Tests.Tiff;
using Upweave.Tests;

namespace Upweave.Coordinator.Tests.Planning;

/// <summary>A TIFF is read by box like any array; what only a decoder of pictures reads is ingested first.</summary>
public sealed class TiffInputTests : IDisposable
{
    private readonly JobFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1, false)]
    [InlineData(6, true)] // turned by a quarter
    public async Task PlanAsync_Tiff_IsIngestedOnlyWhereItMustBe(int orientation, bool isPicture)
    {
        byte[] file = TiffBuilder.Grey(4, 4).WithData(false, new byte[16]).With(274, orientation).Page().ToArray();
        await File.WriteAllBytesAsync(folder.FileOf("in.tif"), file, TestContext.Current.CancellationToken);
        JobPlan plan = await Plans.MakeAsync(folder, Plans.Nearest("s/in.tif", "s/out.npy"));
        Assert.Equal(isPicture, plan.Input.IsPicture);
        Assert.Equal(("tiff", "uint8", "cyx"), (plan.Input.Format, plan.Input.Dtype, plan.Input.Axes));
        Assert.Equal([1, 4, 4], plan.Input.Shape);
    }

    [Fact]
    public async Task PlanAsync_TiffOfSeveralPages_IsAVolume()
    {
        byte[] file = TiffBuilder.Grey(4, 4).WithData(false, new byte[16]).Page().Page().Page().ToArray();
        await File.WriteAllBytesAsync(folder.FileOf("in.tif"), file, TestContext.Current.CancellationToken);
        JobPlan plan = await Plans.MakeAsync(
            folder, Plans.Nearest("s/in.tif", "s/out.npy") with { Layers = [new() { Preset = "nearest", Scale = [2, 2, 2] }] });
        Assert.Equal([3, 4, 4], plan.Input.Shape);
        Assert.Equal("zyx", plan.Input.Axes);
        Assert.Equal([6, 8, 8], plan.Output.Shape);
    }
}
