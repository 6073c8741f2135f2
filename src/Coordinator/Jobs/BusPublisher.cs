using System.Diagnostics;
using MassTransit;
using OpenTelemetry;
using Upweave.Contracts.Messages;
using Upweave.Coordinator.Standby;

namespace Upweave.Coordinator.Jobs;

/// <summary>Sends a job's messages over the bus, those of the active coordinator.</summary>
public sealed class BusPublisher(IBus bus, Leadership leadership) : IJobMessages
{
    /// <summary>
    /// Mandatory: tiles that no queue takes are an error, not silence. What follows from the message is a trace of its own, linked
    /// to the job's: a million tiles in one trace are of use to nobody.
    /// </summary>
    public async Task DispatchAsync(ComputeTiles run, CancellationToken cancellationToken)
    {
        leadership.Demand();
        Activity.Current = null; // in this method only
        await bus.Publish(run, context => context.Mandatory = true, cancellationToken);
    }

    public Task AnnounceAsync(object happened, CancellationToken cancellationToken)
    {
        leadership.Demand();
        return happened is JobProgressed && Activity.Current is not null
            ? AnnounceUntracedAsync(happened, cancellationToken)
            : bus.Publish(happened, cancellationToken);
    }

    /// <summary>Progress is said a few times a second, for hours: it gets no spans.</summary>
    private async Task AnnounceUntracedAsync(object happened, CancellationToken cancellationToken)
    {
        using IDisposable untraced = SuppressInstrumentationScope.Begin();
        await bus.Publish(happened, cancellationToken);
    }
}
