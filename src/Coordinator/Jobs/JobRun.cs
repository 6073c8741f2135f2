using System.Threading.Channels;
using Microsoft.Extensions.Logging;
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
    /// <summary>How often a store may lose what a job has staged.</summary>
    private const int RoundsMax = 5;

    private readonly Channel<object> inbox = Channel.CreateBounded<object>(new BoundedChannelOptions(4096) { SingleReader = true });
    private readonly JobPlan plan;
    private readonly JobEnvironment environment;
    private readonly PlanGeometry geometry;
    private readonly StoreLocation output;
    private readonly JobProgress progress;
    private readonly JobTelemetry telemetry;
    private readonly JobHold hold;
    private readonly StorePatience store;
    private readonly StageRunner stages;
    private JobState state = JobState.Running;
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
        store = new StorePatience(id, environment);
        Insight = new JobInsight(plan, geometry, output, environment.Time);
        stages = new StageRunner(
            id, plan, progress, telemetry, inbox.Reader, environment, hold, Insight, store,
            async stop => await PlanStore.GiveUpAsync(output, plan.Hash, stop));
        Life = new SignOfLife(output, plan.Hash, environment);
    }

    public Guid Id { get; }

    public JobPlan Plan => plan;

    /// <summary>What people may see of it.</summary>
    public JobInsight Insight { get; }

    /// <summary>What it shows to those who look for abandoned jobs.</summary>
    internal SignOfLife Life { get; }

    /// <summary>What another coordinator has left of the job; null for a new one.</summary>
    public JobRecord? Record
    {
        get;
        init
        {
            field = value;
            if (value?.PausedSince is { } since)
                hold.Pause(since);
        }
    }

    /// <summary>Where the job's spans hang; null when nobody traces it.</summary>
    public JobTrace? Trace { get; init; }

    /// <summary>Since when the job is paused; null when it is not.</summary>
    public DateTimeOffset? PausedSince => hold.Since;

    /// <summary>The output's reference.</summary>
    public string Output => plan.Output.Reference;

    /// <summary>What is left for workers to do; nothing while the job is paused. Read while it goes on, so a moment old.</summary>
    public long TilesRemaining => state == JobState.Running && !hold.IsPaused ? progress.Remaining(plan.Output.IsPicture) : 0;

    /// <summary>How far the job is.</summary>
    public JobStatus Status => new()
    {
        JobId = Id,
        Output = Output,
        State = state,
        Progress = progress.Report(),
        Paused = state == JobState.Running && hold.IsPaused,
        Warning = state == JobState.Running ? store.Warning ?? progress.Postponed ?? hold.Warning : null,
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

    /// <summary>Wakes the job, unless so much is said to it that it is awake.</summary>
    public void Post(BrokerReturned said) => inbox.Writer.TryWrite(said);

    /// <summary>Runs the job to its end and announces how it ended.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        telemetry.Start(Trace);
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
            summary = progress.Summarize(plan);
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
            JobBeginning beginning = await store.AskAsync(
                stop => new JobRecovery(environment.Stores).FindBeginningAsync(Record, stop), cancellationToken);
            if (beginning == JobBeginning.AfterCancel)
                throw new JobCancelledException();
            if (beginning != JobBeginning.AfterPublishing && !await store.AskAsync(result.IsCommittedAsync, cancellationToken))
            {
                environment.Leadership.Demand();
                await store.AskAsync(Life.ShowAsync, cancellationToken); // its claim may be as old as it likes
                if (!await store.AskAsync(async stop => await result.PrepareAsync(stop), cancellationToken))
                    throw JobFailureException.OutputChanged(Output);
                await IngestAsync(cancellationToken);
                await ProduceAsync(result, cancellationToken);
            }

            environment.Leadership.Demand();
            await store.AskAsync(async stop => await environment.Records.NotePublishedAsync(Id, stop), cancellationToken);
            await Insight.Preview.FindAsync(cancellationToken); // while it is there
            await Life.EndAsync();
            await store.AskAsync(async stop => await result.CleanUpAsync(stop), cancellationToken);
        }
        catch (JobCancelledException)
        {
            environment.Leadership.Demand();
            await Life.EndAsync();
            await store.AskAsync(async stop => await result.DiscardAsync(stop), cancellationToken);
            throw;
        }
    }

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
                await new PyramidRun(geometry, output, stages, progress, store).RunAsync(cancellationToken);
                await PublishAsync(result, cancellationToken);
                return;
            }
            catch (BlocksMissingException missing) when (rounds < RoundsMax)
            {
                environment.Log.LogWarning(
                    "Job {Job}: {Reason} What is missing is computed again, a picture exported again.", Id, missing.Message);
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

    private async Task PublishAsync(JobOutput result, CancellationToken cancellationToken)
    {
        if (plan.Output.IsPicture)
        {
            await store.AskAsync(stop => result.Tiles.CommitAsync(WriteCondition.Always, stop), cancellationToken);
            await RunTaskAsync(JobStage.Export, cancellationToken);
        }

        using StageTelemetry commit = StageTelemetry.Start(JobStage.Commit, window: null, tiles: 0);
        progress.Stage = JobStage.Commit;
        await environment.Messages.AnnounceAsync(progress.Report(), cancellationToken);
        environment.Leadership.Demand();
        if (!await store.AskAsync(CommitAsync, cancellationToken))
            throw JobFailureException.OutputChanged(Output);
        commit.Complete();

        // Asked before and after: of a request whose answer was lost nobody knows whether it was heard.
        async ValueTask<bool> CommitAsync(CancellationToken stop) => await result.IsCommittedAsync(stop)
            || await result.CommitAsync(stop) || await result.IsCommittedAsync(stop);
    }

    /// <summary>A stage that is a single task.</summary>
    private async Task RunTaskAsync(JobStage stage, CancellationToken cancellationToken)
    {
        TimeSpan start = progress.Elapsed;
        await stages.RunAsync(
            stage, level: null, new TileSet(1), _ => ValueTask.CompletedTask, _ => ValueTask.CompletedTask, cancellationToken);
        progress.AddTask(stage, progress.Elapsed - start);
    }
}
