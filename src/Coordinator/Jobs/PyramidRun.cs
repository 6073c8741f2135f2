using Upweave.Contracts.Messages;
using Upweave.Planning;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;

namespace Upweave.Coordinator.Jobs;

/// <summary>The lower resolutions of a job's output. Each is made from the one before, so it begins when that is complete.</summary>
internal sealed class PyramidRun(
    PlanGeometry geometry, StoreLocation output, StageRunner stages, JobProgress progress, StorePatience store)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (int level = 1; level <= geometry.Pyramid.Count; level++)
        {
            IArrayWriter tiles = ArrayWriters.Create(output.Store, geometry.LevelLayout(output.Path, level));
            TileSet done = new(tiles.Layout.Tiles().Count);
            await store.AskAsync(stop => tiles.FindDoneAsync(done, stop), cancellationToken);
            progress.TilesDone += done.Count;
            await stages.RunAsync(
                JobStage.Pyramid, level, done, stop => tiles.FindDoneAsync(done, stop), _ => ValueTask.CompletedTask, cancellationToken);
        }
    }
}
