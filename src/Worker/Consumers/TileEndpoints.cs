using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Upweave.Contracts;
using Upweave.Contracts.Messages;
using Upweave.Planning;
using Upweave.ServiceDefaults.Broker;

namespace Upweave.Worker.Consumers;

/// <summary>A worker's exchanges and queues on RabbitMQ.</summary>
public static class TileEndpoints
{
    public static void AddTileEndpoints(this IRabbitMqBusFactoryConfigurator rabbit, IBusRegistrationContext context)
    {
        rabbit.Message<TilesCompleted>(message => message.SetEntityName(WireNames.TileReports));
        rabbit.Message<TileFailed>(message => message.SetEntityName(WireNames.TileReports));
        int slots = context.GetRequiredService<IOptions<WorkerOptions>>().Value.Slots;
        rabbit.ReceiveEndpoint(WireNames.Tiles, endpoint =>
        {
            TileQueue.Declare(endpoint, WireNames.TilesDead);
            endpoint.ConfigureConsumeTopology = false;

            // No more than are in work: what lies here unacknowledged is out of other workers' reach.
            endpoint.PrefetchCount = TileFootprint.TilesHeld(slots);
            // A run that could not be reported goes back to the queue; the broker counts how often.
            MessageGuard.Guard(endpoint, WireNames.Tiles, context, (_, _) => Task.CompletedTask, isReturned: _ => true);
            endpoint.ConfigureConsumer<ComputeTilesConsumer>(context);
        });
    }
}
