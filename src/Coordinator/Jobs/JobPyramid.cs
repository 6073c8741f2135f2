using Upweave.Contracts.Messages;
using Upweave.Planning;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;

namespace Upweave.Coordinator.Jobs;

/// <summary>The lower resolutions of a job's output. Each level is made from the one before, so it begins when that is complete.</summary>
internal sealed class JobPyramid(
    StoreLocation output, PlanGeometry geometry, JobProgress progress, StageRunner stages, StorePatience store)
{
    /// <summary>Nothing happens where there are none.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (geometry.Pyramid.Count == 0)
            return;
        await store.AskAsync(LevelWriter(0).CompleteLevelAsync, cancellationToken);
        for (int level = 1; level <= geometry.Pyramid.Count; level++)
        {
            ILevelWriter tiles = LevelWriter(level);
            TileSet done = new(tiles.Layout.Tiles().Count);
            await store.AskAsync(stop => tiles.FindDoneAsync(done, stop), cancellationToken);
            progress.TilesDone += done.Count;
            await stages.RunAsync(
                JobStage.Pyramid, level, done, stop => tiles.FindDoneAsync(done, stop), _ => ValueTask.CompletedTask, cancellationToken);
            await store.AskAsync(tiles.CompleteLevelAsync, cancellationToken);
        }
    }

    private ILevelWriter LevelWriter(int level) =>
        ArrayWriters.CreateLevel(output.Store, geometry.LevelLayout(output.Path, level));
}
