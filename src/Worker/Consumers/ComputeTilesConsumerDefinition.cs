using MassTransit;
using Microsoft.Extensions.Options;
using Upweave.Planning;

namespace Upweave.Worker.Consumers;

/// <summary>As many runs at the same time as the worker holds tiles: one per slot in the kernel, others in input and output.</summary>
public sealed class ComputeTilesConsumerDefinition : ConsumerDefinition<ComputeTilesConsumer>
{
    public ComputeTilesConsumerDefinition(IOptions<WorkerOptions> options) =>
        ConcurrentMessageLimit = TileFootprint.TilesHeld(options.Value.Slots);
}
