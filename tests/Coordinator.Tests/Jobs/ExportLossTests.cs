using Upweave.Contracts.Messages;
using Upweave.Coordinator.Jobs;
using Upweave.Planning;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Tiling;

namespace Upweave.Coordinator.Tests.Jobs;

/// <summary>The blocks of a picture vanish between the worker's answer and publishing.</summary>
public sealed class ExportLossTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/data")]
    [InlineData("/ledger")]
    [InlineData(".export")]
    [InlineData("")]
    public async Task RunAsync_StoreHasLostTheExport_ExportsAgain(string lost)
    {
        using JobScene scene = await JobScene.StartAsync("out.png");
        scene.Worker.Announced = happened =>
        {
            if (happened is not JobProgressed { Stage: JobStage.Commit } || scene.Worker.Exports > 1)
                return;
            string[] staged =
            [
                .. scene.Folder.Files.Where(file => file.StartsWith($"out.png.upweave/{scene.Plan.Hash}{lost}", StringComparison.Ordinal)
                    && !file.Contains(".zarr", StringComparison.Ordinal)),
            ];
            Assert.NotEmpty(staged);
            Array.ForEach(staged, file => File.Delete(scene.Folder.FileOf(file)));
        };
        await scene.RunAsync();
        Assert.IsType<JobCompleted>(scene.End);
        Assert.Equal(2, scene.Worker.Exports);
        Assert.Equal(8, scene.Worker.Sent.Count); // no tile is computed again
        Assert.Contains(scene.Log.All, line => line.Contains("exported again", StringComparison.Ordinal));
        Assert.Equal(["in.npy", "out.png", "out.png.upweave.json"], scene.Folder.Files);
        await AssertPictureAsync(scene);
    }

    [Fact]
    public async Task RunAsync_StoreLosesEveryExport_FailsInTheEnd()
    {
        using JobScene scene = await JobScene.StartAsync("out.png");
        scene.Worker.Announced = happened =>
        {
            if (happened is JobProgressed { Stage: JobStage.Commit })
                File.Delete(scene.Folder.FileOf($"out.png.upweave/{scene.Plan.Hash}/ledger"));
        };
        await scene.RunAsync();
        Assert.Contains("0 of 1 blocks of 'out.png' are there", Assert.IsType<JobFailed>(scene.End).Reason, StringComparison.Ordinal);
        Assert.Equal(5, scene.Worker.Exports);
        Assert.DoesNotContain("out.png", scene.Folder.Files);
    }

    /// <summary>What is left of three blocks may look like a whole file: only the note says that it is none.</summary>
    [Theory]
    [InlineData(true, 0, 1, 2)]
    [InlineData(false, 0, 1)]
    [InlineData(false, 1, 2)]
    [InlineData(false, 0, 2)]
    [InlineData(false)]
    public async Task CommitAsync_SomeOfThreeBlocks_PublishesNoPartOfAPicture(bool isWhole, params int[] left)
    {
        using JobScene scene = await JobScene.StartAsync("out.png");
        StagedBlock[] blocks = [new(0, 0, 5), new(1, 5, 5), new(2, 10, 3)];
        IStagedFile staged = scene.Place.Store.StageFile("out.png", scene.Plan.Hash);
        foreach (int index in left)
        {
            await staged.StageAsync(blocks[index], new byte[blocks[index].Length], Cancelled);
        }

        await ExportNote.WriteAsync(scene.Place, scene.Plan.Hash, blocks, Cancelled);
        JobOutput result = new(scene.Plan, new PlanGeometry(scene.Plan), scene.Place);
        if (isWhole)
            Assert.True(await result.CommitAsync(Cancelled));
        else
            await Assert.ThrowsAsync<BlocksMissingException>(() => result.CommitAsync(Cancelled));
        Assert.Equal(isWhole, File.Exists(scene.Folder.FileOf("out.png")));
    }

    private static async Task AssertPictureAsync(JobScene scene)
    {
        // A picture is read by what it is ingested into.
        byte[] png = await File.ReadAllBytesAsync(scene.Folder.FileOf("out.png"), Cancelled);
        using NetVips.Image picture = NetVips.Image.NewFromBuffer(png);
        Assert.Equal([12, 16, 1], new[] { picture.Width, picture.Height, picture.Bands });
        Assert.Equal(Enumerable.Range(0, 192).Select(index => (byte)index), picture.WriteToMemory<byte>());
    }
}
