using MassTransit;
using Upweave.Contracts;
using Upweave.Contracts.Messages;
using Upweave.Coordinator.Jobs;
using Upweave.ServiceDefaults.Broker;

namespace Upweave.Coordinator.Consumers;

/// <summary>
/// Hands back a run that the broker has delivered too often without an answer: its workers died or were lost. Its tiles count as
/// failed once and go out again, each alone, so that the deadly one is found.
/// </summary>
public sealed class DeadTilesConsumer(JobService jobs) : IConsumer<ComputeTiles>
{
    public async Task Consume(ConsumeContext<ComputeTiles> context)
    {
        ComputeTiles run = context.Message;
        if (MessageRules.FaultOf(run) is { } fault)
            throw new InvalidMessageException(fault);
        for (long tile = run.FirstTile; tile < run.FirstTile + run.TileCount; tile++)
        {
            TileFailed failed = new()
            {
                JobId = run.JobId,
                PlanHash = run.PlanHash,
                Stage = run.Stage,
                Level = run.Level,
                Tile = tile,
                Attempt = run.Attempt,
                Kind = TileErrorKind.Transient,
                Message = "Every worker that took the tile was lost before it answered.",
                Worker = "",
            };
            await jobs.PostAsync(run.JobId, failed, context.CancellationToken);
        }
    }
}
