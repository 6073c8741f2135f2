using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Upweave.Contracts.Messages;
using Upweave.Contracts.Plans;
using Upweave.Coordinator.Insight;
using Upweave.Planning;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;

namespace Upweave.Coordinator.Jobs;

/// <summary>Runs one stage of a job: keeps the window full until every tile is done or has failed.</summary>
/// <param name="inbox">What workers and people say about the job.</param>
/// <param name="hold">Whether the job is paused; whoever changes that writes to the inbox.</param>
/// <param name="insight">Is told of every tile.</param>
/// <param name="store">Asks the output's store, however long it is away.</param>
/// <param name="giveUpClaim">Called when the job is cancelled: workers refuse the runs that still wait in the queue then.</param>
public sealed class StageRunner(
    Guid jobId, JobPlan plan, JobProgress progress, JobTelemetry job, ChannelReader<object> inbox, JobEnvironment environment,
    JobHold hold, JobInsight insight, StorePatience store, Func<CancellationToken, ValueTask> giveUpClaim)
{
    /// <summary>Silence after which the tiles in flight are looked for in the store and sent out again.</summary>
    public static readonly TimeSpan StallTimeout = TimeSpan.FromMinutes(5);

    /// <summary>Between two lines in the log about tiles that are put off, at least.</summary>
    private static readonly TimeSpan ToldTime = TimeSpan.FromMinutes(1);

    /// <summary>What a worker has for saying that it gave a tile up.</summary>
    private static readonly TimeSpan TellTime = TimeSpan.FromMinutes(1);

    /// <summary>The same for a picture that is decoded or encoded whole, which takes minutes by itself.</summary>
    public static readonly TimeSpan TaskStallTimeout = TimeSpan.FromHours(2);

    /// <summary>
    /// Silence after which a cancelled job waits no longer for the workers that have begun tiles: they are gone. One that comes back
    /// later finds the claim gone too, and writes no more than the tile that it was at.
    /// </summary>
    public static readonly TimeSpan CancelTimeout = TimeSpan.FromMinutes(1);

    /// <summary>The same for a picture that is decoded or encoded whole.</summary>
    public static readonly TimeSpan TaskCancelTimeout = TimeSpan.FromMinutes(10);

    /// <summary>When the last of these lines was written.</summary>
    private long? told;

    /// <param name="done">Tiles that are durable; grows to all of them.</param>
    /// <param name="reconcile">Adds to <paramref name="done"/> what the store holds.</param>
    /// <param name="afterNews">Called when tiles were completed.</param>
    /// <exception cref="JobFailureException">Tiles have failed for good.</exception>
    /// <exception cref="JobCancelledException">The job was cancelled; nothing is in flight.</exception>
    /// <param name="level">The lower resolution that the tiles are of; null for all other stages.</param>
    public async Task RunAsync(
        JobStage stage, int? level, TileSet done, Func<CancellationToken, ValueTask> reconcile,
        Func<CancellationToken, ValueTask> afterNews, CancellationToken cancellationToken)
    {
        CoordinatorOptions options = environment.Options.Value;
        using WindowShares.Share share = environment.Shares.Join(plan.Specification.Priority);
        DispatchWindow window = new(
            done, HasTiles(stage) ? plan.TilesPerRun : 1, share.Runs, new RetryPolicy(options.AttemptsMax, options.LossesMax),
            environment.Time);
        long doneBelow = progress.TilesDone - done.Count;
        using StageTelemetry telemetry = StageTelemetry.Start(stage, window, done.Size);
        insight.Begin(stage, level, done, window);
        MemoryRefusals refusals = new(StallTimeoutOf(stage), environment.Time);
        bool cancelled = false;
        long quietSince = environment.Time.GetTimestamp();
        progress.Stage = stage;
        environment.Log.LogInformation(
            "Job {Job}: {Stage} begins, {Done} of {Tiles} tiles are done.", jobId, StageTelemetry.NameOf(stage), done.Count, done.Size);
        await environment.Messages.AnnounceAsync(progress.Report(), cancellationToken);
        while (true)
        {
            environment.Leadership.Demand();
            share.IsUsed = !(window.IsPaused = hold.IsPaused);
            if (window.IsPaused)
                refusals.Forget();
            window.WindowRuns = share.Runs;

            // At once: a broker confirms each message, and the window bounds how many wait for that.
            TileRun[] runs = [.. window.Refill()];
            share.Out = window.RunsInFlight;
            await Task.WhenAll(runs.Select(run => environment.Messages.DispatchAsync(MessageOf(stage, level, run), cancellationToken)));
            Array.ForEach(runs, telemetry.Sent);
            insight.Touch();
            if (window.IsFinished)
                break;
            if (runs.Length > 0)
                quietSince = environment.Time.GetTimestamp();

            TimeSpan patience = window.IsPaused && window.InFlight == 0 ? hold.UntilNextWarning
                : cancelled ? CancelTimeoutOf(stage) : StallTimeoutOf(stage);
            TimeSpan silence = patience - environment.Time.GetElapsedTime(quietSince);
            object? said = await NextAsync(window.Wait is { } wait && wait < silence ? wait : silence, cancellationToken);
            environment.Leadership.Demand();
            if (said is null && environment.Time.GetElapsedTime(quietSince) < patience)
                continue; // the next tile that waited may go out
            quietSince = environment.Time.GetTimestamp();
            if (said is null && !cancelled && await WaitsForWorkersAsync(window, cancellationToken))
                continue;
            switch (said)
            {
                case TilesCompleted completed when IsOf(
                    completed.Stage, completed.Level, completed.PlanHash, completed.FirstTile + completed.TileCount):
                    progress.Postponed = null;
                    refusals.Forget();
                    if (HasTiles(stage))
                        insight.Complete(completed, done, progress.Elapsed);
                    int news = window.Complete(completed.FirstTile, completed.TileCount);
                    if (HasTiles(stage) && news > 0)
                        progress.Add(news, completed.Costs);
                    telemetry.Heard(news);
                    if (HasTiles(stage))
                        environment.Shares.Hear(completed.HeldSeconds ?? SecondsOf(completed.Costs));
                    await TryAsync(afterNews, cancellationToken);
                    break;
                case TileFailed failure when IsOf(failure.Stage, failure.Level, failure.PlanHash, failure.Tile + 1):
                    TileFailed failed = refusals.Judge(failure);
                    Note(failed);
                    window.Fail(failed);
                    insight.Fail(failed);
                    telemetry.Heard(news: 0);
                    break;
                case CancelJob:
                    cancelled = true;
                    window.Stop();
                    await store.AskAsync(giveUpClaim, cancellationToken);
                    break;
                case BrokerReturned:
                    await FindDoneAsync(window.Recall);
                    break;
                case null when window.InFlight == 0:
                    if (hold.TakeWarning() is { } warning)
                        environment.Log.LogWarning("Job {Job}: {Warning}", jobId, warning);
                    break;
                case null:
                    environment.Log.LogWarning(
                        "Job {Job}: nothing was heard of {Tiles} tiles for {Minutes} minutes; they are looked for in the store.",
                        jobId, window.InFlight, patience.TotalMinutes);
                    await FindDoneAsync(() => window.Resend((tile, attempt) => GiveUp(stage, level, tile, attempt)));
                    break;
            }

            if (progress.IsDue())
                await environment.Messages.AnnounceAsync(progress.Report(), cancellationToken);
        }

        if (cancelled)
            throw new JobCancelledException();
        if (window.Failed.Count > 0)
            throw JobFailureException.Of(stage, window.Failed);
        if (done.Count < done.Size)
        {
            throw new JobFailureException(
                $"{stage} stopped with {done.Size - done.Count} tile(s) missing. hint: run the same job again", []);
        }

        telemetry.Complete();

        bool IsOf(JobStage itsStage, int? itsLevel, string planHash, long end) =>
            itsStage == stage && itsLevel == level && planHash == plan.Hash && end <= done.Size;

        async Task FindDoneAsync(Action sendAgain)
        {
            long before = done.Count;
            await store.AskAsync(reconcile, cancellationToken);
            CoordinatorTelemetry.CountFinding("found", done.Count - before);
            CoordinatorTelemetry.CountFinding("unanswered", window.InFlight - (done.Count - before));
            insight.Recount(done);
            sendAgain();
            telemetry.Heard(news: 0);
            if (HasTiles(stage))
                progress.TilesDone = doneBelow + done.Count;
        }
    }

    /// <summary>
    /// What is put off says nothing about the job, but somebody may have to do something about it. Where some workers compute and others
    /// put off, that begins anew with each tile.
    /// </summary>
    private void Note(TileFailed failed)
    {
        if (failed.Postponed is not true)
            return;
        bool isTold = told is long last && environment.Time.GetElapsedTime(last) < ToldTime;
        if (progress.Postponed is null && !isTold)
        {
            environment.Log.LogWarning("Job {Job}: tiles are put off. {Reason}", jobId, failed.Message);
            told = environment.Time.GetTimestamp();
        }

        progress.Postponed = failed.Message;
    }

    /// <summary>What is of use and not needed: a store that is away costs the job nothing.</summary>
    private static async Task TryAsync(Func<CancellationToken, ValueTask> action, CancellationToken cancellationToken)
    {
        try
        {
            await action(cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            // It is asked for something that is needed soon enough, and that is told of.
        }
    }

    private static double SecondsOf(TileCosts costs) => costs.ReadSeconds + costs.ComputeSeconds + costs.WriteSeconds;

    /// <summary>Whether a stage is many tiles, and not a single task.</summary>
    private static bool HasTiles(JobStage stage) => stage is JobStage.Compute or JobStage.Pyramid;

    private static TimeSpan CancelTimeoutOf(JobStage stage) => HasTiles(stage) ? CancelTimeout : TaskCancelTimeout;

    private TimeSpan StallTimeoutOf(JobStage stage)
    {
        if (!HasTiles(stage))
            return TaskStallTimeout;
        // A worker gives a tile up by itself, and says so.
        TimeSpan told = TileLimit.Of(plan) + TellTime;
        return told > StallTimeout ? told : StallTimeout;
    }

    /// <summary>
    /// After a silence: nobody reads the queue, so the tiles in flight lie in it. They are not lost, and nobody has died of them, however
    /// long it takes until there are workers.
    /// </summary>
    private async Task<bool> WaitsForWorkersAsync(DispatchWindow window, CancellationToken cancellationToken)
    {
        if (window.InFlight == 0 || environment.Watch is not { } watch || await watch.IsAnyoneThereAsync(cancellationToken) is not false)
            return false;
        environment.Log.LogWarning(
            "Job {Job}: no worker is connected; {Tiles} tiles wait in the queue. hint: start workers", jobId, window.InFlight);
        return true;
    }

    /// <summary>The next thing said about the job; null after a long silence.</summary>
    private async Task<object?> NextAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        if (inbox.TryRead(out object? said))
            return said;
        if (patience <= TimeSpan.Zero)
            return null;
        using CancellationTokenSource silence = new(patience, environment.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        try
        {
            // Not ReadAsync: cancelled at the wrong moment it takes what is said next with it, in .NET 10 (dotnet/runtime issue 132094).
            while (await inbox.WaitToReadAsync(both.Token))
            {
                if (inbox.TryRead(out said))
                    return said;
            }

            throw new ChannelClosedException();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private ComputeTiles MessageOf(JobStage stage, int? level, TileRun run) => new()
    {
        JobId = jobId,
        Output = plan.Output.Reference,
        PlanHash = plan.Hash,
        Stage = stage,
        Level = level,
        FirstTile = run.First,
        TileCount = run.Count,
        Attempt = run.Attempt,
        TraceParent = job.TraceParent,
        SentAt = environment.Time.GetUtcNow(),
    };

    private TileFailed GiveUp(JobStage stage, int? level, long tile, int attempt) => new()
    {
        JobId = jobId,
        PlanHash = plan.Hash,
        Stage = stage,
        Level = level,
        Tile = tile,
        Attempt = attempt,
        Kind = TileErrorKind.Transient,
        Message = $"No worker answered in {StallTimeoutOf(stage).TotalMinutes} minutes, {attempt} times.",
        Worker = "",
    };
}
