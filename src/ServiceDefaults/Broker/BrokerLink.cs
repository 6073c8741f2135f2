using MassTransit;

namespace Upweave.ServiceDefaults.Broker;

/// <summary>
/// Follows the connection to the broker by what the bus says of the queues that it reads: one that is lost is faulted until it is read
/// again. Safe for concurrent use.
/// </summary>
public sealed class BrokerLink(TimeProvider time) : IReceiveEndpointObserver, IBrokerState
{
    private readonly Lock gate = new();
    private readonly HashSet<Uri> lost = [];
    private long? awaySince = time.GetTimestamp();
    private bool wasThere;

    /// <summary>The broker was there, was lost, and is back.</summary>
    public event Action? Returned;

    public TimeSpan? AwayFor
    {
        get
        {
            lock (gate)
            {
                return awaySince is { } since ? time.GetElapsedTime(since) : null;
            }
        }
    }

    public Task Ready(ReceiveEndpointReady ready)
    {
        bool isReturn;
        lock (gate)
        {
            lost.Remove(ready.InputAddress);
            isReturn = wasThere && awaySince is not null && lost.Count == 0;
            if (lost.Count == 0)
                awaySince = null;
            wasThere |= awaySince is null;
        }

        if (isReturn)
            Returned?.Invoke();
        return Task.CompletedTask;
    }

    public Task Faulted(ReceiveEndpointFaulted faulted)
    {
        lock (gate)
        {
            lost.Add(faulted.InputAddress);
            awaySince ??= time.GetTimestamp();
        }

        return Task.CompletedTask;
    }

    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    /// <summary>A queue that is not read any more says nothing.</summary>
    public Task Completed(ReceiveEndpointCompleted completed)
    {
        lock (gate)
        {
            lost.Remove(completed.InputAddress);
        }

        return Task.CompletedTask;
    }
}
