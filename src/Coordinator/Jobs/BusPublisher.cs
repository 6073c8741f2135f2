using System.Runtime.Serialization;
using MassTransit;
using Microsoft.Extensions.Logging;
using Upweave.Contracts.Messages;
using Upweave.Coordinator.Standby;
using Upweave.ServiceDefaults.Broker;

namespace Upweave.Coordinator.Jobs;

/// <summary>
/// Sends a job's messages over the bus, those of the active coordinator. A broker that is away, or has no room, is waited for: what it
/// has not confirmed is sent again.
/// </summary>
/// <param name="broker">Null where the bus has none.</param>
public sealed class BusPublisher(
    IBus bus, Leadership leadership, TimeProvider time, ILogger<BusPublisher> log, IBrokerState? broker = null) : IJobMessages
{
    /// <summary>Pauses between two tries: a broker that is back should find its coordinator at work soon.</summary>
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(5);

    /// <summary>About a day.</summary>
    private const int TriesMax = 24 * 60 * 12;

    private int waiting;

    /// <summary>Mandatory: tiles that no queue takes are an error, not silence.</summary>
    public Task DispatchAsync(ComputeTiles run, CancellationToken cancellationToken) =>
        SendAsync(stop => bus.Publish(run, context => context.Mandatory = true, stop), cancellationToken);

    public Task AnnounceAsync(object happened, CancellationToken cancellationToken) =>
        SendAsync(stop => bus.Publish(happened, stop), cancellationToken);

    private async Task SendAsync(Func<CancellationToken, Task> send, CancellationToken cancellationToken)
    {
        bool isWaiting = false;
        try
        {
            for (int tries = 1; !await TrySendAsync(send, isLast: tries == TriesMax, cancellationToken); tries++)
            {
                isWaiting = isWaiting || Interlocked.Increment(ref waiting) > 0;
                TimeSpan pause = RetryPolicy.WaitAfter(tries);
                await Task.Delay(pause < PauseMax ? pause : PauseMax, time, cancellationToken);
            }
        }
        finally
        {
            if (isWaiting)
                Interlocked.Decrement(ref waiting);
        }
    }

    private async Task<bool> TrySendAsync(Func<CancellationToken, Task> send, bool isLast, CancellationToken cancellationToken)
    {
        leadership.Demand();
        try
        {
            await (broker is null ? send(cancellationToken) : broker.SendAsync(send, cancellationToken));
            return true;
        }
        catch (Exception error) when (error is not (OperationCanceledException or SerializationException) && !isLast)
        {
            if (Volatile.Read(ref waiting) == 0)
                log.LogWarning("The broker does not take messages; they wait. {Reason}", error.GetBaseException().Message);
            return false;
        }
    }
}
