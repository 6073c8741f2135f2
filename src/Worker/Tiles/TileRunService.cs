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
using Upweave.Worker.Pyramids;

namespace Upweave.Worker.Tiles;

/// <summary>Carries out one message: a run of tiles of any resolution, or the ingest or export of a picture.</summary>
public sealed class TileRunService(
    IStoreCatalog stores, PlanCache plans, JobContexts jobs, TileService tiles, PyramidService pyramids, PictureTasks pictures,
    IComputeDevice device, DeviceLoss loss, IOptions<WorkerOptions> options, TimeProvider time, ILogger<TileRunService> log)
{
    /// <summary>Every tile of the run has been reported on return, as completed or as failed.</summary>
    /// <exception cref="DeviceLostException">
    /// The device is lost, and the run's tiles are for others: what is completed of them has been reported.
    /// </exception>
    public async Task RunAsync(ComputeTiles run, IWorkerMessages messages, CancellationToken cancellationToken)
    {
        RunReport report = new(run, options.Value.Name, messages, time);
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
                await ComputeAsync(plan, output, run, report, cancellationToken);
            else if (run.Stage == JobStage.Pyramid)
                await ComputePyramidAsync(plan, output, run, report, cancellationToken);
            else
                report.Complete(await ConvertAsync(plan, output, run, cancellationToken));
        }
        catch (Exception error) when (IsTheTiles(cancellationToken))
        {
            log.LogWarning(error, "{Stage} of {Output} failed.", run.Stage, run.Output);
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
        JobPlan plan, StoreLocation output, ComputeTiles run, RunReport report, CancellationToken cancellationToken)
    {
        JobContext job = await jobs.RentAsync(plan, output, cancellationToken);
        try
        {
            await ComputeEachAsync(
                run, report, job, TileLimit.Of(plan), (tile, stop) => tiles.ComputeAsync(job, tile, stop), cancellationToken);
        }
        finally
        {
            await jobs.ReturnAsync(job);
        }
    }

    /// <summary>The level below is opened for each run: what a late worker writes to it again has the same bytes and a new time.</summary>
    private async Task ComputePyramidAsync(
        JobPlan plan, StoreLocation output, ComputeTiles run, RunReport report, CancellationToken cancellationToken)
    {
        await using PyramidLevelContext level = await PyramidLevelContext.OpenAsync(
            options.Value, plan, output, run.Level ?? 0, cancellationToken);
        await ComputeEachAsync(
            run, report, job: null, TileLimit.Of(plan), (tile, stop) => pyramids.ComputeAsync(level, tile, stop), cancellationToken);
    }

    private async Task ComputeEachAsync(
        ComputeTiles run, RunReport report, JobContext? job, TimeSpan limit, Func<long, CancellationToken, Task<TileCosts>> compute,
        CancellationToken cancellationToken)
    {
        for (long tile = run.FirstTile; tile < run.FirstTile + run.TileCount; tile++)
        {
            try
            {
                report.Complete(await ComputeTileAsync(run, job, tile, limit, compute, cancellationToken));
            }
            catch (Exception error) when (IsTheTiles(cancellationToken))
            {
                log.LogWarning(error, "Tile {Tile} of {Output} failed.", tile, run.Output);
                await report.FailAsync(error, cancellationToken);
            }
        }
    }

    private async Task<TileCosts> ComputeTileAsync(
        ComputeTiles run, JobContext? job, long tile, TimeSpan limit, Func<long, CancellationToken, Task<TileCosts>> compute,
        CancellationToken cancellationToken)
    {
        using TaskTelemetry telemetry = TaskTelemetry.StartTile(run, tile, job, options.Value.Name, time);
        try
        {
            TileCosts costs = await TimeLimited.RunAsync(stop => compute(tile, stop), limit, time, cancellationToken);
            telemetry.Complete(costs);
            return costs;
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            telemetry.Fail(error);
            throw;
        }
    }

    /// <summary>Ingest or export of a picture; what it took is not counted with the tiles.</summary>
    private async Task<TileCosts> ConvertAsync(
        JobPlan plan, StoreLocation output, ComputeTiles run, CancellationToken cancellationToken)
    {
        using TaskTelemetry telemetry = TaskTelemetry.StartPicture(run, options.Value.Name, time);
        try
        {
            log.LogInformation("{Stage} of {Output} for job {Job} begins.", run.Stage, run.Output, run.JobId);
            if (run.Stage == JobStage.Ingest)
                await pictures.IngestAsync(plan, output, cancellationToken);
            else
                await PictureTasks.ExportAsync(plan, output, cancellationToken);
            telemetry.Complete(TileCosts.Zero);
            return TileCosts.Zero;
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            telemetry.Fail(error);
            throw;
        }
    }
}
