using MassTransit;
using Upweave.Contracts.Messages;

namespace Upweave.Coordinator.Jobs;

/// <summary>Sends a job's messages over the bus.</summary>
public sealed class BusPublisher(IBus bus) : IJobMessages
{
    public Task DispatchAsync(ComputeTiles run, CancellationToken cancellationToken) => bus.Publish(run, cancellationToken);

    public Task AnnounceAsync<TEvent>(TEvent happened, CancellationToken cancellationToken)
        where TEvent : class => bus.Publish(happened, cancellationToken);
}
