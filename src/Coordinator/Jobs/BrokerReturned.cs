namespace Upweave.Coordinator.Jobs;

/// <summary>Said to a job when the broker was away and is back: with or without what was in its queues.</summary>
public sealed record BrokerReturned
{
    public static BrokerReturned Instance { get; } = new();
}
