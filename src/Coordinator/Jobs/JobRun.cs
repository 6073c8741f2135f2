using System.Threading.Channels;
using Upweave.Contracts.Messages;
using Upweave.Contracts.Plans;
using Upweave.Coordinator.Insight;
using Upweave.Coordinator.Standby;
using Upweave.Planning;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;

namespace Upweave.Coordinator.Jobs;

/// <summary>
/// One job from its plan to its published output: ingest, compute, pyramid, export, commit. Everything that is said about the
/// job goes through its inbox, so nothing here is touched by two threads.
/// </summary>
public sealed class JobRun
{
    private readonly Channel<object> inbox = Channel.CreateBounded<object>(new BoundedChannelOptions(4096) { SingleReader = true });
    private readonly JobPlan plan;
    private readonly JobEnvironment environment;
    private readonly PlanGeometry geometry;
    private readonly StoreLocation output;
    private readonly JobProgress progress;
    private readonly JobTelemetry telemetry;
    private readonly JobHold hold;
    private readonly StageRunner stages;
    private JobState state = JobState.Running;
    private bool isExported;
    private string? reason;
    private JobSummary? summary;

    public JobRun(Guid id, JobPlan plan, JobEnvironment environment)
    {
        Id = id;
        this.plan = plan;
        this.environment = environment;
        geometry = new PlanGeometry(plan);
        output = environment.Stores.Resolve(plan.Output.Reference);
        progress = new JobProgress(id, geometry.TilesOfAllLevels, environment.Time);
        telemetry = new JobTelemetry(id, plan, progress, environment);
        bool isBlocks = !plan.Output.IsPicture && !OutputFormats.IsZarr(plan.Output.Format);
        hold = new JobHold(isBlocks ? output.Store.BlocksKept : null, environment.Time);
        Insight = new JobInsight(plan, geometry, output, environment.Time);
        stages = new StageRunner(
            id, plan, progress, telemetry, inbox.Reader, environment, hold, Insight,
            async stop => await PlanStore.GiveUpAsync(output, plan.Hash, stop));
    }

    public Guid Id { get; }

    public JobPlan Plan => plan;

    /// <summary>What people may see of it.</summary>
    public JobInsight Insight { get; }

    /// <summary>How far the job had come when another coordinator was lost.</summary>
    public JobBeginning Beginning { get; init; }

    /// <summary>The output's reference.</summary>
    public string Output => plan.Output.Reference;

    /// <summary>
    /// What is left for workers to do, in tiles; a picture to be written is one more. Nothing while the job is paused. Read by others while
    /// the job goes on, so it may be a moment old.
    /// </summary>
    public long TilesRemaining
    {
        get
        {
            if (state != JobState.Running || hold.IsPaused)
                return 0;
            long export = plan.Output.IsPicture && !isExported ? 1 : 0;
            return Math.Max(0, geometry.TilesOfAllLevels - progress.TilesDone) + export;
        }
    }

    /// <summary>How far the job is.</summary>
    public JobStatus Status => new()
    {
        JobId = Id,
        Output = Output,
        State = state,
        Progress = progress.Report(),
        Paused = state == JobState.Running && hold.IsPaused,
        Warning = state == JobState.Running ? hold.Warning : null,
        Reason = reason,
        Summary = summary,
    };

    /// <summary>Tells the job that something has happened; nothing happens when it has ended.</summary>
    public async ValueTask PostAsync(object said, CancellationToken cancellationToken)
    {
        if (said is PauseJob)
            hold.Pause(); // at once: the job looks before it sends, and the message only wakes it
        else if (said is ResumeJob)
            hold.Resume();
        while (await inbox.Writer.WaitToWriteAsync(cancellationToken))
        {
            if (inbox.Writer.TryWrite(said))
                return;
        }
    }

    /// <summary>Runs the job to its end and announces how it ended.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        telemetry.Start();
        Insight.TraceId = telemetry.TraceId;
        try
        {
            if (await EndAsync(cancellationToken) is { } end)
                await environment.Messages.AnnounceAsync(end, cancellationToken);
        }
        finally
        {
            inbox.Writer.Complete();
            Insight.End();
            telemetry.Stop();
        }
    }

    /// <returns>How the job ended, as an event; null when it was left as it is for another run.</returns>
    private async Task<object?> EndAsync(CancellationToken cancellationToken)
    {
        try
        {
            await WorkAsync(cancellationToken);
            summary = Summarize();
            state = JobState.Completed;
            telemetry.Completed();
            return new JobCompleted { JobId = Id, Output = Output, Summary = summary };
        }
        catch (JobCancelledException)
        {
            state = JobState.Cancelled;
            telemetry.Cancelled();
            return new JobCancelled { JobId = Id };
        }
        catch (Exception error) when (IsLeft(error, cancellationToken))
        {
            telemetry.Left();
            return null;
        }
        catch (Exception error)
        {
            reason = error.Message;
            state = JobState.Failed;
            telemetry.Failed(error);
            return new JobFailed { JobId = Id, Reason = reason, FailedTiles = (error as JobFailureException)?.Tiles ?? [] };
        }
    }

    /// <summary>The host stops, or another coordinator goes on: whatever fails then says nothing about the job.</summary>
    private bool IsLeft(Exception error, CancellationToken cancellationToken) =>
        (error is OperationCanceledException && cancellationToken.IsCancellationRequested)
        || error is LeadershipLostException || !environment.Leadership.IsHeld;

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        JobOutput result = new(plan, geometry, output);
        try
        {
            if (Beginning == JobBeginning.AfterCancel)
                throw new JobCancelledException();
            if (Beginning != JobBeginning.AfterPublishing && !await result.IsCommittedAsync(cancellationToken))
            {
                environment.Leadership.Demand();
                if (!await result.PrepareAsync(cancellationToken))
                    throw OutputChanged();
                await IngestAsync(cancellationToken);
                await ComputeAsync(result.Tiles, cancellationToken);
                await ComputePyramidAsync(cancellationToken);
                await PublishAsync(result, cancellationToken);
            }

            environment.Leadership.Demand();
            await environment.Records.NotePublishedAsync(Id, cancellationToken);
            await Insight.Preview.FindAsync(cancellationToken); // while it is there
            await result.CleanUpAsync(cancellationToken);
        }
        catch (JobCancelledException)
        {
            environment.Leadership.Demand();
            await result.DiscardAsync(cancellationToken);
            throw;
        }
    }

    private async Task IngestAsync(CancellationToken cancellationToken)
    {
        if (!plan.Input.IsPicture)
            return;
        IArrayWriter scratch = ArrayWriters.Create(output.Store, geometry.IngestLayout(output.Path));
        if (await scratch.IsCommittedAsync(cancellationToken))
            return;
        await scratch.PrepareAsync(WriteCondition.Always, cancellationToken);
        await RunTaskAsync(JobStage.Ingest, cancellationToken);
        await scratch.CommitAsync(WriteCondition.Always, cancellationToken);
    }

    private async Task ComputeAsync(IArrayWriter tiles, CancellationToken cancellationToken)
    {
        if (plan.Output.IsPicture && await tiles.IsCommittedAsync(cancellationToken))
        {
            progress.TilesDone = geometry.Tiles.Count;
            return;
        }

        TileSet done = new(geometry.Tiles.Count);
        TileCheckpoint checkpoint = new(output, plan.Hash, environment);
        await tiles.FindDoneAsync(done, cancellationToken);
        await checkpoint.CompareAsync(done, cancellationToken);
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
        await LevelWriter(0).CompleteLevelAsync(cancellationToken);
        for (int level = 1; level <= geometry.Pyramid.Count; level++)
        {
            ILevelWriter tiles = LevelWriter(level);
            TileSet done = new(tiles.Layout.Tiles().Count);
            await tiles.FindDoneAsync(done, cancellationToken);
            progress.TilesDone += done.Count;
            await stages.RunAsync(
                JobStage.Pyramid, level, done, stop => tiles.FindDoneAsync(done, stop), _ => ValueTask.CompletedTask, cancellationToken);
            await tiles.CompleteLevelAsync(cancellationToken);
        }
    }

    private ILevelWriter LevelWriter(int level) =>
        ArrayWriters.CreateLevel(output.Store, geometry.LevelLayout(output.Path, level));

    private async Task PublishAsync(JobOutput result, CancellationToken cancellationToken)
    {
        if (plan.Output.IsPicture)
        {
            await result.Tiles.CommitAsync(WriteCondition.Always, cancellationToken);
            await RunTaskAsync(JobStage.Export, cancellationToken);
            isExported = true;
        }

        using StageTelemetry commit = StageTelemetry.Start(JobStage.Commit, window: null, tiles: 0);
        progress.Stage = JobStage.Commit;
        await environment.Messages.AnnounceAsync(progress.Report(), cancellationToken);
        environment.Leadership.Demand();
        if (!await result.CommitAsync(cancellationToken))
            throw OutputChanged();
        commit.Complete();
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

    private JobSummary Summarize() => new()
    {
        Shape = plan.Output.Shape,
        Dtype = plan.Output.Dtype,
        TileCount = geometry.TilesOfAllLevels,
        TilesComputed = progress.TilesComputed,
        HaloShare = plan.Prediction.HaloShare,
        Elapsed = progress.Elapsed,
        Ingest = progress.Ingest,
        Export = progress.Export,
        Costs = progress.Costs,
    };
}
