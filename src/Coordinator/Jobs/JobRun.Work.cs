using Microsoft.Extensions.Logging;
using Upweave.Contracts.Messages;
using Upweave.Planning;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;

namespace Upweave.Coordinator.Jobs;

/// <content>What a job does, stage after stage. Whatever it asks of the store it can ask again.</content>
public sealed partial class JobRun
{
    /// <summary>How often a store may lose what a job has staged.</summary>
    private const int RoundsMax = 5;

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        JobOutput result = new(plan, geometry, output);
        try
        {
            JobBeginning beginning = await FindBeginningAsync(cancellationToken);
            if (beginning == JobBeginning.AfterCancel)
                throw new JobCancelledException();
            if (beginning != JobBeginning.AfterPublishing && !await store.AskAsync(result.IsCommittedAsync, cancellationToken))
            {
                environment.Leadership.Demand();
                if (!await store.AskAsync(async stop => await result.PrepareAsync(stop), cancellationToken))
                    throw OutputChanged();
                await IngestAsync(cancellationToken);
                await ProduceAsync(result, cancellationToken);
            }

            environment.Leadership.Demand();
            await store.AskAsync(async stop => await environment.Records.NotePublishedAsync(Id, stop), cancellationToken);
            await Insight.Preview.FindAsync(cancellationToken); // while it is there
            await store.AskAsync(async stop => await result.CleanUpAsync(stop), cancellationToken);
        }
        catch (JobCancelledException)
        {
            environment.Leadership.Demand();
            await store.AskAsync(async stop => await result.DiscardAsync(stop), cancellationToken);
            throw;
        }
    }

    private Task<JobBeginning> FindBeginningAsync(CancellationToken cancellationToken) => Record is null
        ? Task.FromResult(JobBeginning.WithWork)
        : store.AskAsync(
            async stop => await new JobRecovery(environment.Stores).FindBeginningAsync(Record, stop), cancellationToken);

    private async ValueTask ShowLifeAsync(CancellationToken cancellationToken) => await output.Store.WriteAsync(
        JobPaths.SignOfLife(output.Path, plan.Hash), "{}"u8.ToArray(), WriteCondition.Always, cancellationToken);

    private async Task IngestAsync(CancellationToken cancellationToken)
    {
        if (!plan.Input.IsPicture)
            return;
        IArrayWriter scratch = ArrayWriters.Create(output.Store, geometry.IngestLayout(output.Path));
        if (await store.AskAsync(scratch.IsCommittedAsync, cancellationToken))
            return;
        await store.AskAsync(stop => scratch.PrepareAsync(WriteCondition.Always, stop), cancellationToken);
        await RunTaskAsync(JobStage.Ingest, cancellationToken);
        await store.AskAsync(stop => scratch.CommitAsync(WriteCondition.Always, stop), cancellationToken);
    }

    /// <summary>A store that has lost blocks between the last tile and publishing costs the job those tiles.</summary>
    private async Task ProduceAsync(JobOutput result, CancellationToken cancellationToken)
    {
        for (int rounds = 1; ; rounds++)
        {
            try
            {
                await ComputeAsync(result.Tiles, cancellationToken);
                await ComputePyramidAsync(cancellationToken);
                await PublishAsync(result, cancellationToken);
                return;
            }
            catch (BlocksMissingException missing) when (rounds < RoundsMax)
            {
                environment.Log.LogWarning("Job {Job}: {Reason} What is missing is computed again.", Id, missing.Message);
            }
        }
    }

    private async Task ComputeAsync(IArrayWriter tiles, CancellationToken cancellationToken)
    {
        if (plan.Output.IsPicture && await store.AskAsync(tiles.IsCommittedAsync, cancellationToken))
        {
            progress.TilesDone = geometry.Tiles.Count;
            return;
        }

        TileSet done = new(geometry.Tiles.Count);
        TileCheckpoint checkpoint = new(output, plan.Hash, environment);
        await store.AskAsync(stop => tiles.FindDoneAsync(done, stop), cancellationToken);
        await store.AskAsync(stop => checkpoint.CompareAsync(done, stop), cancellationToken);
        progress.TilesDone = done.Count;
        await stages.RunAsync(
            JobStage.Compute, level: null, done, stop => tiles.FindDoneAsync(done, stop), stop => checkpoint.SaveAsync(done, stop),
            cancellationToken);
    }

    /// <summary>Each level is made from the one before, so it begins when that is complete.</summary>
    private async Task ComputePyramidAsync(CancellationToken cancellationToken)
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

    private async Task PublishAsync(JobOutput result, CancellationToken cancellationToken)
    {
        if (plan.Output.IsPicture)
        {
            await store.AskAsync(stop => result.Tiles.CommitAsync(WriteCondition.Always, stop), cancellationToken);
            await RunTaskAsync(JobStage.Export, cancellationToken);
            isExported = true;
        }

        using StageTelemetry commit = StageTelemetry.Start(JobStage.Commit, window: null, tiles: 0);
        progress.Stage = JobStage.Commit;
        await environment.Messages.AnnounceAsync(progress.Report(), cancellationToken);
        environment.Leadership.Demand();
        if (!await store.AskAsync(CommitAsync, cancellationToken))
            throw OutputChanged();
        commit.Complete();

        // Asked before and after: of a request whose answer was lost nobody knows whether it was heard.
        async ValueTask<bool> CommitAsync(CancellationToken stop) => await result.IsCommittedAsync(stop)
            || await result.CommitAsync(stop) || await result.IsCommittedAsync(stop);
    }

    private JobFailureException OutputChanged() => new(
        $"{Output} is not what it was when the job was planned, so it was left alone. "
        + "hint: move it away and run the same job again", []);

    /// <summary>A stage that is a single task.</summary>
    private async Task RunTaskAsync(JobStage stage, CancellationToken cancellationToken)
    {
        TimeSpan start = progress.Elapsed;
        await stages.RunAsync(
            stage, level: null, new TileSet(1), _ => ValueTask.CompletedTask, _ => ValueTask.CompletedTask, cancellationToken);
        progress.AddTask(stage, progress.Elapsed - start);
    }
}
