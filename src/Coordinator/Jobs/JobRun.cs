using System.Threading.Channels;
using Upweave.Contracts.Messages;
using Upweave.Contracts.Plans;
using Upweave.Coordinator.Insight;
using Upweave.Coordinator.Standby;
using Upweave.Planning;
using Upweave.Storage.Stores;

namespace Upweave.Coordinator.Jobs;

/// <summary>
/// One job from its plan to its published output: ingest, compute, pyramid, export, commit. Everything that is said about the
/// job goes through its inbox, so nothing here is touched by two threads.
/// </summary>
public sealed partial class JobRun
{
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
        store = new StorePatience(id, environment);
        Insight = new JobInsight(plan, geometry, output, environment.Time);
        stages = new StageRunner(
            id, plan, progress, telemetry, inbox.Reader, environment, hold, Insight, store,
            async stop => await PlanStore.GiveUpAsync(output, plan.Hash, stop), ShowLifeAsync);
    }

    public Guid Id { get; }

    public JobPlan Plan => plan;

    /// <summary>What people may see of it.</summary>
    public JobInsight Insight { get; }

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

    /// <summary>Since when the job is paused; null when it is not.</summary>
    public DateTimeOffset? PausedSince => hold.Since;

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
}
