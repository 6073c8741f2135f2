using Upweave.ServiceDefaults.Broker;

namespace Upweave.Coordinator.Tests.Standby;

/// <summary>A broker that is there or away as the test says.</summary>
internal sealed class ScriptedBroker(TimeProvider time) : IBrokerState
{
    /// <summary>Null: it is there.</summary>
    public DateTimeOffset? AwaySince { get; set; }

    public TimeSpan? AwayFor => time.GetUtcNow() - AwaySince;

    public Task SendAsync(Func<CancellationToken, Task> send, CancellationToken cancellationToken) => send(cancellationToken);
}
