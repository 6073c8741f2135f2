using MassTransit;
using Upweave.Contracts.Messages;
using Upweave.Coordinator.Standby;

namespace Upweave.Coordinator.Jobs;

/// <summary>Sends a job's messages over the bus, those of the active coordinator.</summary>
public sealed class BusPublisher(IBus bus, Leadership leadership) : IJobMessages
{
    /// <summary>Mandatory: tiles that no queue takes are an error, not silence.</summary>
    public Task DispatchAsync(ComputeTiles run, CancellationToken cancellationToken)
    {
        leadership.Demand();
        return bus.Publish(run, context => context.Mandatory = true, cancellationToken);
    }

    public Task AnnounceAsync(object happened, CancellationToken cancellationToken)
    {
        leadership.Demand();
        return bus.Publish(happened, cancellationToken);
    }
}
