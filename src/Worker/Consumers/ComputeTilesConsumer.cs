using MassTransit;
using Upweave.Contracts;
using Upweave.Contracts.Messages;
using Upweave.ServiceDefaults.Broker;
using Upweave.Worker.Tiles;

namespace Upweave.Worker.Consumers;

/// <summary>Computes a run of tiles; the message is acknowledged when they are durable and reported.</summary>
public sealed class ComputeTilesConsumer(TileRunService runs) : IConsumer<ComputeTiles>
{
    public Task Consume(ConsumeContext<ComputeTiles> context) => MessageRules.FaultOf(context.Message) is { } fault
        ? throw new InvalidMessageException(fault)
        : runs.RunAsync(context.Message, new Reports(context), context.CancellationToken);

    /// <summary>Mandatory: a report that no queue takes is an error, not silence.</summary>
    private sealed class Reports(IPublishEndpoint bus) : IWorkerMessages
    {
        public Task TilesCompletedAsync(TilesCompleted completed, CancellationToken cancellationToken) =>
            bus.Publish(completed, context => context.Mandatory = true, cancellationToken);

        public Task TileFailedAsync(TileFailed failed, CancellationToken cancellationToken) =>
            bus.Publish(failed, context => context.Mandatory = true, cancellationToken);
    }
}
