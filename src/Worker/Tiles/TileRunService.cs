using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Upweave.Contracts.Messages;
using Upweave.Contracts.Plans;
using Upweave.Storage;
using Upweave.Storage.Stores;
using Upweave.Worker.Jobs;
using Upweave.Worker.Pictures;

namespace Upweave.Worker.Tiles;

/// <summary>Carries out one message: a run of tiles, or the ingest or export of a picture.</summary>
public sealed class TileRunService(
    IStoreCatalog stores, PlanCache plans, JobContexts jobs, TileService tiles, PictureTasks pictures, IOptions<WorkerOptions> options,
    ILogger<TileRunService> log)
{
    /// <summary>Every tile of the run has been reported on return, as completed or as failed.</summary>
    public async Task RunAsync(ComputeTiles run, IWorkerMessages messages, CancellationToken cancellationToken)
    {
        RunReport report = new(run, options.Value.Name, messages);
        try
        {
            StoreLocation output = stores.Resolve(run.Output);
            if (await plans.FindAsync(run.Output, output, cancellationToken) is not { } plan || plan.Hash != run.PlanHash)
            {
                throw new InvalidArrayException(
                    $"{run.Output} is not claimed by plan {run.PlanHash} any more: its job has ended, here or elsewhere.");
            }

            switch (run.Stage)
            {
                case JobStage.Ingest:
                    await pictures.IngestAsync(plan, output, cancellationToken);
                    report.Complete(TileCosts.Zero);
                    break;
                case JobStage.Export:
                    await PictureTasks.ExportAsync(plan, output, cancellationToken);
                    report.Complete(TileCosts.Zero);
                    break;
                default:
                    await ComputeAsync(plan, output, run, report, cancellationToken);
                    break;
            }
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            log.LogWarning(error, "{Stage} of {Output} failed.", run.Stage, run.Output);
            await report.FailRestAsync(error, cancellationToken);
        }

        await report.FlushAsync(cancellationToken);
    }

    private async Task ComputeAsync(
        JobPlan plan, StoreLocation output, ComputeTiles run, RunReport report, CancellationToken cancellationToken)
    {
        JobContext job = await jobs.RentAsync(plan, output, cancellationToken);
        try
        {
            for (long tile = run.FirstTile; tile < run.FirstTile + run.TileCount; tile++)
            {
                try
                {
                    report.Complete(await tiles.ComputeAsync(job, tile, cancellationToken));
                }
                catch (Exception error) when (!cancellationToken.IsCancellationRequested)
                {
                    log.LogWarning(error, "Tile {Tile} of {Output} failed.", tile, run.Output);
                    await report.FailAsync(error, cancellationToken);
                }
            }
        }
        finally
        {
            await jobs.ReturnAsync(job);
        }
    }
}
