using MassTransit;
using Upweave.Contracts;
using Upweave.Contracts.Messages;
using Upweave.ServiceDefaults.Broker;
using Upweave.Worker.Tiles;

namespace Upweave.Worker.Consumers;

/// <summary>Computes a run of tiles; the message is acknowledged when they are durable and reported.</summary>
/// <param name="broker">Null where the bus has none.</param>
public sealed class ComputeTilesConsumer(TileRunService runs, IBrokerState? broker = null) : IConsumer<ComputeTiles>
{
    public Task Consume(ConsumeContext<ComputeTiles> context) => MessageRules.FaultOf(context.Message) is { } fault
        ? throw new InvalidMessageException(fault)
        : runs.RunAsync(context.Message, new Reports(context, broker), context.CancellationToken);

    /// <summary>Mandatory: a report that no queue takes is an error, not silence.</summary>
    private sealed class Reports(IPublishEndpoint bus, IBrokerState? broker) : IWorkerMessages
    {
        public Task TilesCompletedAsync(TilesCompleted completed, CancellationToken cancellationToken) =>
            SendAsync(stop => bus.Publish(completed, context => context.Mandatory = true, stop), cancellationToken);

        public Task TileFailedAsync(TileFailed failed, CancellationToken cancellationToken) =>
            SendAsync(stop => bus.Publish(failed, context => context.Mandatory = true, stop), cancellationToken);

        private Task SendAsync(Func<CancellationToken, Task> send, CancellationToken cancellationToken) =>
            broker is null ? send(cancellationToken) : broker.SendAsync(send, cancellationToken);
    }
}
