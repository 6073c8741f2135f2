using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Upweave.ServiceDefaults.Broker;

/// <summary>
/// Follows the connection to the broker by what becomes of the bus's own queue, which every host reads as long as it runs: it is faulted
/// when the connection is lost, and ready when there is one again. Safe for concurrent use.
/// </summary>
public sealed class BrokerLink(IServiceProvider services, TimeProvider time) : IReceiveEndpointObserver, IBrokerState
{
    private readonly Lock gate = new();
    private TaskCompletionSource connection = NewConnection();
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
        if (!IsOwn(ready.InputAddress))
            return Task.CompletedTask;
        TaskCompletionSource? before = null;
        lock (gate)
        {
            if (wasThere && awaySince is not null)
                (before, connection) = (connection, NewConnection());
            awaySince = null;
            wasThere = true;
        }

        if (before is null)
            return Task.CompletedTask;
        before.SetResult();
        Returned?.Invoke();
        return Task.CompletedTask;
    }

    public async Task SendAsync(Func<CancellationToken, Task> send, CancellationToken cancellationToken)
    {
        Task lost;
        lock (gate)
        {
            lost = connection.Task;
        }

        Task sent = send(cancellationToken);
        if (await Task.WhenAny(sent, lost) != sent)
            throw new IOException("The connection to the broker was lost before it confirmed a message.");
        await sent;
    }

    public Task Faulted(ReceiveEndpointFaulted faulted)
    {
        if (!IsOwn(faulted.InputAddress))
            return Task.CompletedTask;
        lock (gate)
        {
            awaySince ??= time.GetTimestamp();
        }

        return Task.CompletedTask;
    }

    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

    /// <summary>Ends when there is another one.</summary>
    private static TaskCompletionSource NewConnection() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The bus is asked late: it is made of this.</summary>
    private bool IsOwn(Uri address) =>
        address.GetLeftPart(UriPartial.Path) == services.GetRequiredService<IBus>().Address.GetLeftPart(UriPartial.Path);
}
