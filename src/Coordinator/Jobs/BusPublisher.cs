using MassTransit;
using Upweave.Contracts.Messages;

namespace Upweave.Coordinator.Jobs;

/// <summary>Sends a job's messages over the bus.</summary>
public sealed class BusPublisher(IBus bus) : IJobMessages
{
    /// <summary>Mandatory: tiles that no queue takes are an error, not silence.</summary>
    public Task DispatchAsync(ComputeTiles run, CancellationToken cancellationToken) =>
        bus.Publish(run, context => context.Mandatory = true, cancellationToken);

    public Task AnnounceAsync<TEvent>(TEvent happened, CancellationToken cancellationToken)
        where TEvent : class => bus.Publish(happened, cancellationToken);
}
