using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Upweave.Contracts.Messages;
using Upweave.Contracts.Plans;
using Upweave.Planning;
using Upweave.ServiceDefaults;
using Upweave.Storage;
using Upweave.Storage.Stores;
using Upweave.Worker.Devices;
using Upweave.Worker.Jobs;
using Upweave.Worker.Pictures;
using Upweave.Worker.Previews;
using Upweave.Worker.Pyramids;

namespace Upweave.Worker.Tiles;

/// <summary>Carries out one message: a run of tiles of any resolution, or the ingest or export of a picture.</summary>
public sealed class TileRunService(
    IStoreCatalog stores, PlanCache plans, JobContexts jobs, TileService tiles, PyramidService pyramids, PictureTasks pictures,
    PreviewService previews, IComputeDevice device, DeviceLoss loss, IOptions<WorkerOptions> options, TimeProvider time,
    ILogger<TileRunService> log)
{
    /// <summary>
    /// How long a run that is for other workers is held before that is said: a worker that refuses at once would have the next one, and
    /// the next, before those that compute have room for any.
    /// </summary>
    public static readonly TimeSpan LeaveTime = TimeSpan.FromSeconds(5);

    /// <summary>Every tile of the run has been reported on return, as completed or as failed.</summary>
    /// <exception cref="DeviceLostException">
    /// The device is lost, and the run's tiles are for others: what is completed of them has been reported.
    /// </exception>
    public async Task RunAsync(ComputeTiles run, IWorkerMessages messages, CancellationToken cancellationToken)
    {
        RunReport report = new(run, options.Value.Name, messages, time);
        double? queueSeconds = TaskTelemetry.Take(run, time);
        try
        {
            ThrowIfLost();
            StoreLocation output = stores.Resolve(run.Output);
            if (await plans.FindAsync(run.Output, output, cancellationToken) is not { } plan || plan.Hash != run.PlanHash)
            {
                throw new InvalidArrayException(
                    $"{run.Output} is not claimed by plan {run.PlanHash} any more: its job has ended, here or elsewhere.");
            }

            if (run.Stage == JobStage.Compute)
                await ComputeAsync(plan, output, run, report, queueSeconds, cancellationToken);
            else if (run.Stage == JobStage.Pyramid)
                await ComputePyramidAsync(plan, output, run, report, queueSeconds, cancellationToken);
            else
                report.Complete(await ConvertAsync(plan, output, run, queueSeconds, cancellationToken));
        }
        catch (Exception error) when (IsTheTiles(cancellationToken))
        {
            log.LogWarning(error, "{Stage} of {Output} failed.", run.Stage, run.Output);
            if (TileErrors.IsForOthers(error))
                await Task.Delay(LeaveTime, time, cancellationToken);
            await report.FailRestAsync(error, cancellationToken);
        }
        catch (Exception) when (device.Lost is not null)
        {
            await GiveBackAsync(report, cancellationToken);
        }

        await report.FlushAsync(cancellationToken);
    }

    /// <summary>An error is the tiles' own: neither does the host stop, nor is the device lost, after which any call may fail.</summary>
    private bool IsTheTiles(CancellationToken cancellationToken) => device.Lost is null && !cancellationToken.IsCancellationRequested;

    private void ThrowIfLost()
    {
        if (device.Lost is string reason)
            throw new DeviceLostException(reason);
    }

    private async Task GiveBackAsync(RunReport report, CancellationToken cancellationToken)
    {
        loss.Report(device.Lost!);
        await report.FlushAsync(cancellationToken);
        await Task.Delay(HostTimes.WorkerGiveBack, time, cancellationToken);
        ThrowIfLost();
    }

    private async Task ComputeAsync(
        JobPlan plan, StoreLocation output, ComputeTiles run, RunReport report, double? queueSeconds, CancellationToken cancellationToken)
    {
        JobContext job = await jobs.RentAsync(plan, output, cancellationToken);
        Task preview = run is { FirstTile: 0, Attempt: 1 } ? previews.DrawAsync(job, output, cancellationToken) : Task.CompletedTask;
        report.Follow(preview);
        try
        {
            await ComputeEachAsync(
                run, report, job, queueSeconds, TileLimit.Of(plan), (tile, stop) => tiles.ComputeAsync(job, tile, stop), cancellationToken);
        }
        finally
        {
            await preview; // it reads by the job's reader
            await jobs.ReturnAsync(job);
        }
    }

    /// <summary>The level below is opened for each run: what a late worker writes to it again has the same bytes and a new time.</summary>
    private async Task ComputePyramidAsync(
        JobPlan plan, StoreLocation output, ComputeTiles run, RunReport report, double? queueSeconds, CancellationToken cancellationToken)
    {
        await using PyramidLevelContext level = await PyramidLevelContext.OpenAsync(
            options.Value, plan, output, run.Level ?? 0, cancellationToken);
        await ComputeEachAsync(
            run, report, job: null, queueSeconds, TileLimit.Of(plan), (tile, stop) => pyramids.ComputeAsync(level, tile, stop),
            cancellationToken);
    }

    private async Task ComputeEachAsync(
        ComputeTiles run, RunReport report, JobContext? job, double? queueSeconds, TimeSpan limit,
        Func<long, CancellationToken, Task<TileCosts>> compute, CancellationToken cancellationToken)
    {
        for (long tile = run.FirstTile; tile < run.FirstTile + run.TileCount; tile++)
        {
            TileOutcome outcome = await ComputeTileAsync(run, job, tile, queueSeconds, limit, compute, cancellationToken);
            if (outcome.Error is null)
            {
                report.Complete(outcome);
                continue;
            }

            await report.FailAsync(outcome.Error, outcome.TraceId, cancellationToken);
        }
    }

    private async Task<TileOutcome> ComputeTileAsync(
        ComputeTiles run, JobContext? job, long tile, double? queueSeconds, TimeSpan limit,
        Func<long, CancellationToken, Task<TileCosts>> compute, CancellationToken cancellationToken)
    {
        using TaskTelemetry telemetry = TaskTelemetry.StartTile(run, tile, job, queueSeconds, options.Value.Name, time);
        try
        {
            TileCosts costs = await TimeLimited.RunAsync(stop => compute(tile, stop), limit, time, cancellationToken);
            telemetry.Complete(costs);
            return telemetry.OutcomeOf(costs);
        }
        catch (Exception error) when (IsTheTiles(cancellationToken))
        {
            log.LogWarning(
                error, "Tile {Tile} of {Output} failed at attempt {Attempt}: {Reason}", tile, run.Output, run.Attempt,
                TileErrors.MessageOf(error));
            telemetry.Fail(error);
            return telemetry.OutcomeOf(TileCosts.Zero) with { Error = error };
        }
    }

    /// <summary>Ingest or export of a picture; what it took is not counted with the tiles.</summary>
    private async Task<TileOutcome> ConvertAsync(
        JobPlan plan, StoreLocation output, ComputeTiles run, double? queueSeconds, CancellationToken cancellationToken)
    {
        using TaskTelemetry telemetry = TaskTelemetry.StartPicture(run, queueSeconds, options.Value.Name, time);
        try
        {
            log.LogInformation("{Stage} of {Output} for job {Job} begins.", run.Stage, run.Output, run.JobId);
            if (run.Stage == JobStage.Ingest)
                await pictures.IngestAsync(plan, output, cancellationToken);
            else
                await PictureTasks.ExportAsync(plan, output, cancellationToken);
            telemetry.Complete(TileCosts.Zero);
            return telemetry.OutcomeOf(TileCosts.Zero);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            telemetry.Fail(error);
            throw;
        }
    }
}
