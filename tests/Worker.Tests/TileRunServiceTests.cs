using Upweave.Contracts.Messages;
using Upweave.Planning;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Tests;

namespace Upweave.Worker.Tests;

public sealed class TileRunServiceTests
{
    [Fact]
    public async Task Consume_WholeJob_EqualsTheDefinition()
    {
        await using WorkerScene scene = await WorkerScene.StartAsync();
        await scene.ConsumeAsync(scene.Message());
        Assert.Equal("done 0+6", scene.Heard.Story);
        TileCosts costs = Assert.Single(scene.Heard.Completed).Costs;
        Assert.Equal(3 * 18 * 14 * 4, costs.BytesWritten);
        Assert.Equal(scene.Plan.Prediction.BytesRead, costs.BytesRead);
        Assert.Equal(scene.Expected, await scene.CommitAsync());
    }

    [Fact]
    public async Task Consume_TilesInAnyOrderAndAtOnce_EqualsTheDefinition()
    {
        await using WorkerScene scene = await WorkerScene.StartAsync();
        await Task.WhenAll(new[] { 4, 1, 5, 0, 3, 2 }.Select(tile => Task.Run(() => scene.ConsumeAsync(scene.Message(tile, 1)))));
        Assert.Equal(6, scene.Heard.Completed.Count());
        Assert.Equal(scene.Expected, await scene.CommitAsync());
    }

    [Fact]
    public async Task Consume_DeliveredTwice_WritesOneBlob()
    {
        await using WorkerScene scene = await WorkerScene.StartAsync();
        await scene.ConsumeAsync(scene.Message(2, 2));
        IReadOnlyList<StagedBlock> once = await BlocksAsync(scene);
        await scene.ConsumeAsync(scene.Message(2, 2));
        Assert.Equal("done 2+2, done 2+2", scene.Heard.Story);
        Assert.Equal(once.OrderBy(block => block.Index), (await BlocksAsync(scene)).OrderBy(block => block.Index));
        Assert.Equal(6, once.Count); // two tiles of three channels
        await scene.ConsumeAsync(scene.Message(0, 6));
        Assert.Equal(scene.Expected, await scene.CommitAsync());
    }

    [Fact]
    public async Task Consume_DeliveredTwiceToZarr_WritesTheSameChunks()
    {
        await using WorkerScene scene = await WorkerScene.StartAsync("out.zarr");
        await scene.ConsumeAsync(scene.Message());
        string[] files = scene.Folder.Files;
        byte[][] once = [.. files.Select(file => File.ReadAllBytes(scene.Folder.FileOf(file)))];
        await scene.ConsumeAsync(scene.Message());
        Assert.Equal(files, scene.Folder.Files);
        Assert.Equal(once, files.Select(file => File.ReadAllBytes(scene.Folder.FileOf(file))));
        TileSet done = new(6);
        await scene.Writer.FindDoneAsync(done, TestContext.Current.CancellationToken);
        Assert.Equal(6, done.Count);
    }

    [Fact]
    public async Task Consume_PlanIsGone_FailsEveryTile()
    {
        await using WorkerScene scene = await WorkerScene.StartAsync();
        await scene.Place.Store.DeleteAllAsync(JobPaths.Side("out.npy"), TestContext.Current.CancellationToken);
        await scene.ConsumeAsync(scene.Message(1, 2));
        Assert.Equal("failed 1, failed 2", scene.Heard.Story);
        Assert.All(scene.Heard.Failed, failed => Assert.Equal(TileErrorKind.Invalid, failed.Kind));
        Assert.Equal(["in.npy", "w.npy"], scene.Folder.Files);
    }

    [Fact]
    public async Task Consume_AnotherPlanClaimsTheOutput_FailsEveryTile()
    {
        await using WorkerScene scene = await WorkerScene.StartAsync();
        await scene.ConsumeAsync(scene.Message() with { PlanHash = "00000000000000000000000000000000" });
        Assert.All(scene.Heard.Failed, failed => Assert.Equal(TileErrorKind.Invalid, failed.Kind));
        Assert.NotEmpty(scene.Heard.Failed);
        Assert.Empty(await BlocksAsync(scene));
    }

    [Fact]
    public async Task Consume_PlanIsDamaged_FailsEveryTile()
    {
        await using WorkerScene scene = await WorkerScene.StartAsync();
        await File.WriteAllTextAsync(scene.Folder.FileOf(JobPaths.Plan("out.npy")), "{", TestContext.Current.CancellationToken);
        await scene.ConsumeAsync(scene.Message(1, 2));
        Assert.Equal("failed 1, failed 2", scene.Heard.Story);
        Assert.All(scene.Heard.Failed, failed => Assert.Equal(TileErrorKind.Corrupt, failed.Kind));
    }

    [Theory]
    [InlineData("in.npy", 9 * 7 * 2)]
    [InlineData("w.npy", 2 * 3 * 4 * 4)]
    public async Task Consume_InputOrWeightsChanged_FailsAsInvalid(string name, int count)
    {
        await using WorkerScene scene = await WorkerScene.StartAsync();
        Tiling.Dims shape = name == "in.npy" ? [2, 9, 7] : [2, 3, 4, 4];
        scene.Folder.WriteNpy(name, shape, Numbers.Floats(count, seed: 77));
        await scene.ConsumeAsync(scene.Message(0, 2));
        Assert.Equal("failed 0, failed 1", scene.Heard.Story);
        Assert.All(scene.Heard.Failed, failed => Assert.Equal(TileErrorKind.Invalid, failed.Kind));
        Assert.All(scene.Heard.Failed, failed => Assert.Contains(name, failed.Message, StringComparison.Ordinal));
        Assert.Empty(await BlocksAsync(scene));
    }

    [Fact]
    public async Task Consume_InputChangesBetweenTwoTiles_NeverMixes()
    {
        await using WorkerScene scene = await WorkerScene.StartAsync();
        await scene.ConsumeAsync(scene.Message(0, 1));
        scene.Folder.WriteNpy("in.npy", [2, 9, 7], Numbers.Floats(126, seed: 77));
        await scene.ConsumeAsync(scene.Message(1, 1));
        Assert.Equal("done 0+1, failed 1", scene.Heard.Story);
        Assert.Equal(TileErrorKind.Invalid, Assert.Single(scene.Heard.Failed).Kind);
    }

    [Fact]
    public async Task Consume_OneTileCannotBeWritten_TheOthersAreDone()
    {
        await using WorkerScene scene = await WorkerScene.StartAsync();
        await scene.ConsumeAsync(scene.Message(4, 4)); // tiles 6 and 7 do not exist
        Assert.Equal("done 4+2, failed 6, failed 7", scene.Heard.Story);
    }

    [Fact]
    public async Task Consume_Cancelled_ReturnsTheMessageAndReportsNothing()
    {
        await using WorkerScene scene = await WorkerScene.StartAsync();
        using CancellationTokenSource cancel = new();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.Runs.RunAsync(scene.Message(), scene.Heard, cancel.Token));
        Assert.Empty(scene.Heard.All);

        await scene.ConsumeAsync(scene.Message()); // nothing is held on to
        Assert.Equal(scene.Expected, await scene.CommitAsync());
    }

    private static async Task<IReadOnlyList<StagedBlock>> BlocksAsync(WorkerScene scene) =>
        await scene.Place.Store.StageFile("out.npy", scene.Plan.Hash).ListAsync(TestContext.Current.CancellationToken);
}
